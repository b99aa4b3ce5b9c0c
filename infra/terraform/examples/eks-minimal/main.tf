# Sidecar injection and validation for one EKS cluster. `npm run build` first: it writes the bundles.

terraform {
  required_version = ">= 1.9"

  required_providers {
    aws        = { source = "hashicorp/aws", version = ">= 6.42" }
    kubernetes = { source = "hashicorp/kubernetes", version = ">= 2.35" }
  }
}

variable "region" {
  description = "Region of the cluster."
  type        = string
}

variable "cluster" {
  description = "Name of the EKS cluster."
  type        = string
}

provider "aws" {
  region = var.region
}

data "aws_eks_cluster" "this" {
  name = var.cluster
}

provider "kubernetes" {
  host                   = data.aws_eks_cluster.this.endpoint
  cluster_ca_certificate = base64decode(data.aws_eks_cluster.this.certificate_authority[0].data)

  exec {
    api_version = "client.authentication.k8s.io/v1beta1"
    command     = "aws"
    args        = ["eks", "get-token", "--cluster-name", var.cluster, "--region", var.region]
  }
}

module "pilotless" {
  source = "../.."

  name    = "pilotless-${var.cluster}"
  bundles = "${path.module}/../../../../dist/functions"
}

output "store" {
  description = "Give it to the gateway."
  value       = module.pilotless.store
}
