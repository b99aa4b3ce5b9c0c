# Both are written only after the functions can be called: a webhook that fails closed before its function answers would stop every pod of the mesh.
resource "kubernetes_mutating_webhook_configuration_v1" "injection" {
  count = var.install_webhooks ? 1 : 0

  metadata {
    name   = module.logic.injection.metadata.name
    labels = module.logic.injection.metadata.labels
  }

  dynamic "webhook" {
    for_each = module.logic.injection.webhooks
    content {
      name                      = webhook.value.name
      failure_policy            = webhook.value.failurePolicy
      reinvocation_policy       = webhook.value.reinvocationPolicy
      side_effects              = webhook.value.sideEffects
      timeout_seconds           = webhook.value.timeoutSeconds
      admission_review_versions = webhook.value.admissionReviewVersions

      client_config {
        url = webhook.value.clientConfig.url
      }

      dynamic "rule" {
        for_each = webhook.value.rules
        content {
          operations   = rule.value.operations
          api_groups   = rule.value.apiGroups
          api_versions = rule.value.apiVersions
          resources    = rule.value.resources
        }
      }

      namespace_selector {
        dynamic "match_expressions" {
          for_each = webhook.value.namespaceSelector.matchExpressions
          content {
            key      = match_expressions.value.key
            operator = match_expressions.value.operator
            values   = try(match_expressions.value.values, null)
          }
        }
      }

      object_selector {
        dynamic "match_expressions" {
          for_each = webhook.value.objectSelector.matchExpressions
          content {
            key      = match_expressions.value.key
            operator = match_expressions.value.operator
            values   = try(match_expressions.value.values, null)
          }
        }
      }
    }
  }

  depends_on = [aws_lambda_permission.url, aws_lambda_permission.invoke, aws_secretsmanager_secret_version.token]
}

resource "kubernetes_validating_webhook_configuration_v1" "validation" {
  count = var.install_webhooks ? 1 : 0

  metadata {
    name   = module.logic.validation.metadata.name
    labels = module.logic.validation.metadata.labels
  }

  dynamic "webhook" {
    for_each = module.logic.validation.webhooks
    content {
      name                      = webhook.value.name
      failure_policy            = webhook.value.failurePolicy
      side_effects              = webhook.value.sideEffects
      timeout_seconds           = webhook.value.timeoutSeconds
      admission_review_versions = webhook.value.admissionReviewVersions

      client_config {
        url = webhook.value.clientConfig.url
      }

      dynamic "rule" {
        for_each = webhook.value.rules
        content {
          operations   = rule.value.operations
          api_groups   = rule.value.apiGroups
          api_versions = rule.value.apiVersions
          resources    = rule.value.resources
        }
      }

      namespace_selector {
        dynamic "match_expressions" {
          for_each = webhook.value.namespaceSelector.matchExpressions
          content {
            key      = match_expressions.value.key
            operator = match_expressions.value.operator
            values   = try(match_expressions.value.values, null)
          }
        }
      }

      dynamic "object_selector" {
        for_each = try([webhook.value.objectSelector], [])
        content {
          dynamic "match_expressions" {
            for_each = object_selector.value.matchExpressions
            content {
              key      = match_expressions.value.key
              operator = match_expressions.value.operator
              values   = try(match_expressions.value.values, null)
            }
          }
        }
      }
    }
  }

  depends_on = [aws_lambda_permission.url, aws_lambda_permission.invoke, aws_secretsmanager_secret_version.token]
}
