variables {
  name             = "mesh"
  bucket           = "mesh-config"
  token_secret_arn = "arn:aws:secretsmanager:eu-central-1:111122223333:secret:mesh"
  token            = "0123456789abcdef"
  inject_url       = "https://abc.lambda-url.eu-central-1.on.aws/"
  validate_url     = "https://def.lambda-url.eu-central-1.on.aws/"
}

run "the_token_is_in_the_path" {
  assert {
    condition     = alltrue([for webhook in output.injection.webhooks : webhook.clientConfig.url == "https://abc.lambda-url.eu-central-1.on.aws/t/0123456789abcdef/inject"])
    error_message = "The API server has to call the injection function below its token."
  }
  assert {
    condition     = alltrue([for webhook in output.validation.webhooks : webhook.clientConfig.url == "https://def.lambda-url.eu-central-1.on.aws/t/0123456789abcdef/validate"])
    error_message = "The API server has to call the validation function below its token."
  }
}

run "failing_closed_is_written_out" {
  assert {
    condition     = alltrue([for webhook in output.injection.webhooks : webhook.failurePolicy == "Fail" && webhook.timeoutSeconds == 5])
    error_message = "A pod without its sidecar is worse than no pod, and says so in the object."
  }
  assert {
    condition     = alltrue([for webhook in output.injection.webhooks : !contains(keys(webhook.clientConfig), "caBundle")])
    error_message = "Function URLs are publicly trusted: a bundle could only expire."
  }
}

run "what_is_only_told_stands_in_nobodys_way" {
  assert {
    condition     = [for webhook in output.validation.webhooks : webhook.failurePolicy if webhook.name == "changes.validation.pilotless.io"] == ["Ignore"]
    error_message = "Deletions must not wait for us."
  }
}

run "the_cluster_and_bypassed_namespaces_are_never_asked_about" {
  assert {
    condition = alltrue([for webhook in concat(output.injection.webhooks, output.validation.webhooks) :
      anytrue([for requirement in webhook.namespaceSelector.matchExpressions : contains(try(requirement.operator == "NotIn" ? requirement.values : [], []), "kube-system")])
    ])
    error_message = "kube-system has to stay out of every webhook."
  }
  assert {
    condition = alltrue([for webhook in concat(output.injection.webhooks, output.validation.webhooks) :
      anytrue([for requirement in webhook.namespaceSelector.matchExpressions : requirement.key == "pilotless.io/bypass"])
    ])
    error_message = "Every webhook has to honour the bypass label."
  }
}

run "the_default_revision_also_takes_what_names_none" {
  assert {
    condition     = length(output.injection.webhooks) == 4 && length(output.validation.webhooks) == 3
    error_message = "The default revision answers to istio-injection=enabled too."
  }
}

run "another_revision_takes_only_its_own" {
  variables {
    revision = "canary"
  }
  assert {
    condition     = [for webhook in output.injection.webhooks : webhook.name] == ["rev.namespace.sidecar-injector.istio.io", "rev.object.sidecar-injector.istio.io"]
    error_message = "A second revision must not take pods from the first."
  }
  assert {
    condition     = output.injection.metadata.name == "pilotless-sidecar-injector-canary"
    error_message = "Revisions stand side by side."
  }
}

run "isolated_control_planes_need_a_front_door" {
  command = plan
  variables {
    control_plane_egress_mode = "CUSTOMER_ISOLATED"
  }
  expect_failures = [var.control_plane_egress_mode]
}

run "a_front_door_of_your_own_serves_them" {
  variables {
    control_plane_egress_mode = "CUSTOMER_ISOLATED"
    uses_function_urls        = false
    inject_url                = "https://mesh.internal.example.com"
    validate_url              = "https://mesh.internal.example.com"
  }
  assert {
    condition     = output.injection.webhooks[0].clientConfig.url == "https://mesh.internal.example.com/t/0123456789abcdef/inject"
    error_message = "One front door may stand in front of both functions."
  }
}

run "urls_that_no_api_server_calls_are_refused" {
  command = plan
  variables {
    inject_url = "http://abc.example.com"
  }
  expect_failures = [var.inject_url]
}

run "short_tokens_are_refused" {
  command = plan
  variables {
    token = "short"
  }
  expect_failures = [var.token]
}
