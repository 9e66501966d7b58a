import APIDescription
import CodePrinting

/// Writes the C end of the Swift kit: every service as a plain function.
enum KitServicesEmitter {
  /// The header.
  static func file(_ boundary: Boundary) -> GeneratedFile {
    var printer = CodePrinter(.c)
    printer.comment("The services of the host as plain functions: what the Swift side calls. Filled once, by virt_kit_start().")
    printer.lines(
      "#ifndef VIRT_DRIVER_KIT_SERVICES_H", "#define VIRT_DRIVER_KIT_SERVICES_H", "", "#include <libvirt/virt-driver.h>", "",
      "#pragma clang diagnostic ignored \"-Wnullability-completeness\"", "", "/* One per shared object. */",
      "extern struct virt_driver_services virt_kit_services __attribute__((visibility(\"hidden\")));",
      "extern void *virt_kit_context __attribute__((visibility(\"hidden\")));", "")
    for service in boundary.services { define(service, &printer) }
    printer.line("#endif")
    return printer.file("Sources/CVirtDriverKit/include/Generated/virt-driver-kit-services.h")
  }

  private static func define(_ service: Element, _ printer: inout CodePrinter) {
    let name = service.required("name")
    let parameters = service.all("parameter")
    let own = parameters.filter { $0.required("name") != "context" }
    let arguments = parameters.map { $0.required("name") == "context" ? "virt_kit_context" : $0.required("name") }
    let returns = service.first("returns")
    let type = returns?.required("type") ?? "void"
    let declared = returns?["nullable"] == "no" ? "\(type) _Nonnull" : type
    printer.comment(service.doc)
    let declarations = own.map { DriverHeaderEmitter.declaration($0.required("type"), $0.required("name")) }
    printer.list(
      "static inline \(DriverHeaderEmitter.declaration(declared, "virt_kit_\(name)"))(",
      declarations.isEmpty ? ["void"] : declarations, ")")
    printer.block("{") { printer in
      let call = "virt_kit_services.\(name)(\(arguments.joined(separator: ", ")));"
      printer.line(type == "void" ? call : "return " + call)
    }
    printer.line()
  }
}
