variables {
  name             = "mesh"
  bucket           = "mesh-config"
  prefix           = "production/"
  token_secret_arn = "arn:aws:secretsmanager:eu-central-1:111122223333:secret:mesh"
  token            = "0123456789abcdef"
  inject_url       = "https://abc.lambda-url.eu-central-1.on.aws/"
  validate_url     = "https://def.lambda-url.eu-central-1.on.aws/"
}

run "functions_find_the_store" {
  assert {
    condition     = alltrue([for function in output.functions : function.environment.PILOTLESS_STORE == "s3://mesh-config/production"])
    error_message = "All functions have to use one store."
  }
  assert {
    condition     = output.functions.snapshot.environment.PILOTLESS_SOURCE == "s3://mesh-config/sources"
    error_message = "The compiler has to know where the objects lie."
  }
}

run "only_webhooks_are_open" {
  assert {
    condition     = { for name, function in output.functions : name => function.auth } == { inject = "NONE", validate = "NONE", snapshot = "AWS_IAM" }
    error_message = "The API server cannot sign; everybody else can."
  }
}

run "a_flood_has_a_limit" {
  variables {
    reserved_concurrency = 20
  }
  assert {
    condition     = output.functions.inject.concurrency == 20 && output.functions.validate.concurrency == 20
    error_message = "Reserved concurrency is the fuse of an open URL."
  }
}

run "webhooks_read_and_write_nothing" {
  assert {
    condition = alltrue([for who in ["inject", "validate", "gateway"] :
      !anytrue([for statement in jsondecode(output.policies[who]).Statement : contains(statement.Action, "s3:PutObject")])
    ])
    error_message = "Only the compiler writes."
  }
  assert {
    condition = alltrue(flatten([for policy in output.policies :
      [for statement in jsondecode(policy).Statement : !contains(statement.Resource, "*") && !anytrue([for action in statement.Action : endswith(action, "*")])]
    ]))
    error_message = "No policy names everything."
  }
}

run "gateways_may_ask_the_compiler" {
  assert {
    condition = anytrue([for statement in jsondecode(output.policies.gateway).Statement :
      contains(statement.Action, "lambda:InvokeFunctionUrl") && contains(statement.Action, "lambda:InvokeFunction")
    ])
    error_message = "A signed call of a function URL needs both."
  }
}

run "the_compiler_does_not_know_the_token" {
  assert {
    condition     = !anytrue([for statement in jsondecode(output.policies.snapshot).Statement : contains(statement.Action, "secretsmanager:GetSecretValue")])
    error_message = "Who needs no token shall not be able to read it."
  }
}

run "the_modules_own_variables_are_not_overwritten" {
  command = plan
  variables {
    environment = { PILOTLESS_STORE = "file:/tmp" }
  }
  expect_failures = [var.environment]
}

run "istiods_switches_reach_every_function" {
  variables {
    environment = { ENABLE_NATIVE_SIDECARS = "true" }
  }
  assert {
    condition     = output.functions.inject.environment.ENABLE_NATIVE_SIDECARS == "true"
    error_message = "Further variables are passed on."
  }
}
