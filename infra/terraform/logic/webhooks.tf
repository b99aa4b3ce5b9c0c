# The objects that `pilotless install` prints, from the same rules; a test compares the two.

locals {
  is_default = var.revision == "default"
  suffix     = local.is_default ? "" : "-${var.revision}"

  base_urls = { inject = trimsuffix(var.inject_url, "/"), validate = trimsuffix(var.validate_url, "/") }
  urls      = { for name, url in local.base_urls : name => "${url}/t/${var.token}/${name}" }

  inject_label = "sidecar.istio.io/inject"
  of_revision  = { key = "istio.io/rev", operator = "In", values = [var.revision] }
  no_revision  = { key = "istio.io/rev", operator = "DoesNotExist" }
  no_injection = { key = "istio-injection", operator = "DoesNotExist" }
  enabled      = { key = "istio-injection", operator = "In", values = ["enabled"] }
  asks         = { key = local.inject_label, operator = "In", values = ["true"] }
  not_opted    = { key = local.inject_label, operator = "NotIn", values = ["false"] }

  # Namespaces that a cluster needs to heal itself, and those that somebody takes out of the way by hand.
  allowed_namespaces = [
    { key = "kubernetes.io/metadata.name", operator = "NotIn", values = ["kube-node-lease", "kube-public", "kube-system"] },
    { key = "pilotless.io/bypass", operator = "NotIn", values = ["true"] },
  ]

  # Lists of objects of different forms: a conditional expression would want them alike.
  injection_selections = [for selection in [
    { name = "rev.namespace.sidecar-injector.istio.io", namespaces = [local.of_revision, local.no_injection], objects = [local.not_opted], for_all = true },
    { name = "rev.object.sidecar-injector.istio.io", namespaces = [local.no_revision, local.no_injection], objects = [local.not_opted, local.of_revision], for_all = true },
    { name = "namespace.sidecar-injector.istio.io", namespaces = [local.enabled], objects = [local.not_opted], for_all = false },
    { name = "object.sidecar-injector.istio.io", namespaces = [local.no_revision, local.no_injection], objects = [local.asks, local.no_revision], for_all = false },
  ] : selection if selection.for_all || local.is_default]

  validation_selections = [for selection in [
    { name = "rev.validation.istio.io", objects = [local.of_revision], for_all = true },
    { name = "validation.istio.io", objects = [local.no_revision], for_all = false },
  ] : selection if selection.for_all || local.is_default]

  istio_groups   = ["security.istio.io", "networking.istio.io", "telemetry.istio.io", "extensions.istio.io"]
  all_of         = { apiVersions = ["*"], resources = ["*"] }
  timeout_s      = 5
  told_timeout_s = 2

  injection = {
    apiVersion = "admissionregistration.k8s.io/v1"
    kind       = "MutatingWebhookConfiguration"
    metadata   = { name = "pilotless-sidecar-injector${local.suffix}", labels = { app = "sidecar-injector", "istio.io/rev" = var.revision } }
    webhooks = [for selection in local.injection_selections : {
      name                    = selection.name
      namespaceSelector       = { matchExpressions = concat(selection.namespaces, local.allowed_namespaces) }
      objectSelector          = { matchExpressions = selection.objects }
      clientConfig            = { url = local.urls.inject }
      rules                   = [{ operations = ["CREATE"], apiGroups = [""], apiVersions = ["v1"], resources = ["pods"] }]
      failurePolicy           = var.failure_policy
      reinvocationPolicy      = "Never"
      sideEffects             = "None"
      timeoutSeconds          = local.timeout_s
      admissionReviewVersions = ["v1"]
    }]
  }

  checked = [for selection in local.validation_selections : {
    name                    = selection.name
    namespaceSelector       = { matchExpressions = local.allowed_namespaces }
    objectSelector          = { matchExpressions = selection.objects }
    clientConfig            = { url = local.urls.validate }
    rules                   = [merge(local.all_of, { operations = ["CREATE", "UPDATE"], apiGroups = local.istio_groups })]
    failurePolicy           = var.failure_policy
    sideEffects             = "NoneOnDryRun"
    timeoutSeconds          = local.timeout_s
    admissionReviewVersions = ["v1"]
  }]

  # Only told, never judged: it must not stand in anybody's way.
  told = {
    name              = "changes.validation.pilotless.io"
    namespaceSelector = { matchExpressions = local.allowed_namespaces }
    clientConfig      = { url = local.urls.validate }
    rules = [
      merge(local.all_of, { operations = ["DELETE"], apiGroups = local.istio_groups }),
      merge(local.all_of, { operations = ["CREATE", "UPDATE", "DELETE"], apiGroups = ["gateway.networking.k8s.io"] }),
    ]
    failurePolicy           = "Ignore"
    sideEffects             = "NoneOnDryRun"
    timeoutSeconds          = local.told_timeout_s
    admissionReviewVersions = ["v1"]
  }

  validation = {
    apiVersion = "admissionregistration.k8s.io/v1"
    kind       = "ValidatingWebhookConfiguration"
    metadata   = { name = "pilotless-validator${local.suffix}", labels = { app = "istiod", "istio.io/rev" = var.revision } }
    webhooks   = concat(local.checked, [local.told])
  }
}
