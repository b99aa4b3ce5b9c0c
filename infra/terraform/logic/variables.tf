variable "name" {
  description = "Beginning of all names that the module gives."
  type        = string
  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{1,30}[a-z0-9]$", var.name))
    error_message = "name: 3 to 32 lower-case letters, digits and -, beginning with a letter, for example mesh."
  }
}

variable "revision" {
  description = "Revision that namespaces and pods name in label istio.io/rev; default also takes istio-injection=enabled."
  type        = string
  default     = "default"
  validation {
    condition     = can(regex("^[a-z0-9]([-a-z0-9]{0,40}[a-z0-9])?$", var.revision))
    error_message = "revision: lower-case letters, digits and -, for example canary."
  }
}

variable "partition" {
  description = "AWS partition."
  type        = string
  default     = "aws"
}

variable "bucket" {
  description = "Bucket of the store."
  type        = string
}

variable "prefix" {
  description = "What all keys of the store begin with; ends with a slash, or is empty."
  type        = string
  default     = ""
  validation {
    condition     = var.prefix == "" || can(regex("^[^/].*/$", var.prefix))
    error_message = "prefix: empty, or a text that ends with a slash and does not begin with one, for example production/."
  }
}

variable "sources" {
  description = "Prefix of the bucket under which the Kubernetes YAML of the mesh lies; ends with a slash."
  type        = string
  default     = "sources/"
  validation {
    condition     = can(regex("^[^/].*/$", var.sources))
    error_message = "sources: a text that ends with a slash and does not begin with one, for example sources/."
  }
}

variable "token_secret_arn" {
  description = "Secret that holds the token of the webhooks' paths."
  type        = string
}

variable "token" {
  description = "Token of the webhooks' paths. A routing key and a cost fuse: API servers print it in events."
  type        = string
  validation {
    condition     = can(regex("^[A-Za-z0-9_-]{16,}$", var.token))
    error_message = "token: at least 16 letters, digits, - and _."
  }
}

variable "inject_url" {
  description = "URL of the injection function, or of what stands in front of it; https, without path."
  type        = string
  validation {
    condition     = can(regex("^https://[^/?#@]+/?$", var.inject_url))
    error_message = "inject_url: https, without user, path, query and fragment: an API server calls nothing else."
  }
}

variable "validate_url" {
  description = "URL of the validation function, or of what stands in front of it; https, without path."
  type        = string
  validation {
    condition     = can(regex("^https://[^/?#@]+/?$", var.validate_url))
    error_message = "validate_url: https, without user, path, query and fragment: an API server calls nothing else."
  }
}

variable "uses_function_urls" {
  description = "Whether the API server calls the public function URLs, and not a front door of your own."
  type        = bool
  default     = true
}

variable "control_plane_egress_mode" {
  description = "How the EKS control plane reaches the outside: AWS_MANAGED, CUSTOMER_ROUTED or CUSTOMER_ISOLATED."
  type        = string
  default     = "AWS_MANAGED"
  validation {
    condition     = contains(["AWS_MANAGED", "CUSTOMER_ROUTED", "CUSTOMER_ISOLATED"], var.control_plane_egress_mode)
    error_message = "control_plane_egress_mode: AWS_MANAGED, CUSTOMER_ROUTED or CUSTOMER_ISOLATED."
  }
  validation {
    condition     = var.control_plane_egress_mode == "AWS_MANAGED" || !var.uses_function_urls
    error_message = "control_plane_egress_mode: an API server whose way out leads through your network may not reach public function URLs, and then no pod of the mesh can be created. Put a private front door before the functions (inject_url, validate_url)."
  }
}

variable "failure_policy" {
  description = "What the API server does when nobody answers: Fail or Ignore. Written out, because the default of some tools is not Kubernetes' own."
  type        = string
  default     = "Fail"
  validation {
    condition     = contains(["Fail", "Ignore"], var.failure_policy)
    error_message = "failure_policy: Fail or Ignore."
  }
}

variable "reserved_concurrency" {
  description = "How many reviews may run at once in each webhook function: what a flood can cost at most."
  type        = number
  default     = 50
  validation {
    condition     = var.reserved_concurrency >= 2
    error_message = "reserved_concurrency: at least 2; at 0 every review is refused, and at 1 two pods that are created at once are one too many."
  }
}

variable "environment" {
  description = "Further environment variables of all functions, for example ENABLE_NATIVE_SIDECARS."
  type        = map(string)
  default     = {}
  validation {
    condition     = alltrue([for name in keys(var.environment) : !startswith(name, "AWS_") && !contains(["PILOTLESS_STORE", "PILOTLESS_TOKEN_SECRET", "PILOTLESS_REVISION", "PILOTLESS_SOURCE"], name)])
    error_message = "environment: AWS_… are Lambda's; PILOTLESS_STORE, PILOTLESS_TOKEN_SECRET, PILOTLESS_REVISION and PILOTLESS_SOURCE are set by the module."
  }
}
