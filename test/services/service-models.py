"""Checks calls, as JSON on stdin, against the service models that the aws command comes with. Prints what does not fit as JSON."""

import json
import sys

try:
    from botocore.loaders import Loader
    from botocore.model import ServiceModel
    from botocore.validate import ParamValidator
except ImportError:  # Debian's awscli brings its own
    from awscli.botocore.loaders import Loader
    from awscli.botocore.model import ServiceModel
    from awscli.botocore.validate import ParamValidator

SERVICES = {"ses": "sesv2", "monitoring": "cloudwatch"}

problems = []
for call in json.load(sys.stdin):
    service = SERVICES.get(call["service"], call["service"])
    name = f"{service}:{call['operation']}"
    model = ServiceModel(Loader().load_service_model(service, "service-2"), service)
    if call["operation"] not in model.operation_names:
        problems.append(f"{name}: there is no such operation")
        continue
    shape = model.operation_model(call["operation"]).input_shape
    if shape is None:
        continue
    unknown = [member for member in call["input"] if member not in shape.members]
    problems += [f"{name}: {member} is no member" for member in unknown]
    report = ParamValidator().validate(call["input"], shape)
    if report.has_errors():
        problems.append(f"{name}: {report.generate_report()}")
print(json.dumps(problems))
