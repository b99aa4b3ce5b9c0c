variable "name" {
  description = "Beginning of all names that the module gives: 3 to 32 lower-case letters, digits and -."
  type        = string
  default     = "pilotless"
}

variable "revision" {
  description = "Revision that namespaces and pods name in label istio.io/rev; default also takes istio-injection=enabled."
  type        = string
  default     = "default"
}

variable "bundles" {
  description = "Folder that `npm run build` wrote: dist/functions, with inject, validate and snapshot below it."
  type        = string
}

variable "runtime" {
  description = "Lambda runtime."
  type        = string
  default     = "nodejs24.x"
  validation {
    condition     = contains(["nodejs22.x", "nodejs24.x"], var.runtime)
    error_message = "runtime: nodejs22.x or nodejs24.x."
  }
}

variable "architecture" {
  description = "Processor of the functions: arm64 or x86_64."
  type        = string
  default     = "arm64"
}

variable "prefix" {
  description = "What all keys of the store begin with; ends with a slash, or is empty."
  type        = string
  default     = ""
}

variable "sources" {
  description = "Prefix of the bucket under which the Kubernetes YAML of the mesh lies; ends with a slash."
  type        = string
  default     = "sources/"
}

variable "environment" {
  description = "Further environment variables of all functions: istiod's switches under istiod's names, for example ENABLE_NATIVE_SIDECARS."
  type        = map(string)
  default     = {}
}

variable "failure_policy" {
  description = "What the API server does when nobody answers: Fail or Ignore."
  type        = string
  default     = "Fail"
}

variable "reserved_concurrency" {
  description = "How many reviews may run at once in each webhook function: what a flood can cost at most."
  type        = number
  default     = 50
}

variable "control_plane_egress_mode" {
  description = "How the EKS control plane reaches the outside: AWS_MANAGED, CUSTOMER_ROUTED or CUSTOMER_ISOLATED. The latter two need front_door_url."
  type        = string
  default     = "AWS_MANAGED"
}

variable "front_door_url" {
  description = "https URL of a load balancer or API Gateway before both functions, for clusters that cannot reach public function URLs; empty: the function URLs."
  type        = string
  default     = ""
}

variable "install_webhooks" {
  description = "Whether Terraform writes the webhook configurations into the cluster; false: take them from output manifests."
  type        = bool
  default     = true
}

variable "log_retention_days" {
  description = "How long the functions' logs are kept."
  type        = number
  default     = 365
}

variable "kms_key_arn" {
  description = "Key for bucket, secret, logs and the functions' environment; empty: the keys that AWS manages."
  type        = string
  default     = ""
}

variable "alarm_topic_arns" {
  description = "SNS topics that alarms are sent to."
  type        = list(string)
  default     = []
}

variable "tags" {
  description = "Tags of all that is made."
  type        = map(string)
  default     = {}
}
