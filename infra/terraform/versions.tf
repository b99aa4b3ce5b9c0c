terraform {
  required_version = ">= 1.9"

  required_providers {
    # 6.42 is the first that can grant what function URLs need since October 2025: invoked_via_function_url.
    aws        = { source = "hashicorp/aws", version = ">= 6.42" }
    kubernetes = { source = "hashicorp/kubernetes", version = ">= 2.35" }
    archive    = { source = "hashicorp/archive", version = ">= 2.5" }
    random     = { source = "hashicorp/random", version = ">= 3.6" }
  }
}
