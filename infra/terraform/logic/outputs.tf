output "functions" {
  description = "Functions by their short name: name, handler, memory_mb, timeout_s, auth, concurrency, environment."
  value       = local.functions
}

output "policies" {
  description = "IAM policies by who gets them: inject, validate, snapshot, gateway. JSON."
  value       = { for name, statements in local.statements : name => jsonencode({ Version = "2012-10-17", Statement = statements }) }
}

output "injection" {
  description = "MutatingWebhookConfiguration."
  value       = local.injection
  sensitive   = true
}

output "validation" {
  description = "ValidatingWebhookConfiguration."
  value       = local.validation
  sensitive   = true
}

output "manifests" {
  description = "Both webhook configurations as YAML documents, for kubectl or a GitOps repository."
  value       = join("---\n", [yamlencode(local.injection), yamlencode(local.validation)])
  sensitive   = true
}
