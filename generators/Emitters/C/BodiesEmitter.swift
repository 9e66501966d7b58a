import APIDescription
import BindingPlan
import CodePrinting

/// Declares what generated entry points call and people write.
enum BodiesEmitter {
  static func files(_ plan: Plan) -> [GeneratedFile] {
    var printer = CodePrinter(.c)
    printer.lines(
      "/* Bodies of public functions that are written by hand, and the other functions that entry points call. */",
      "#ifndef VIRT_BODIES_H", "#define VIRT_BODIES_H", "", "#include <libvirt/libvirt.h>", "#include <libvirt/virterror.h>",
      "#include <libvirt/virt-driver.h>")
    for header in plan.description.headers where header.umbrella == nil { printer.line("#include <libvirt/\(header.name).h>") }
    printer.lines("#include \"virt-runtime.h\"", "")
    for call in plan.calls {
      if call.library.isSibling { continue }
      switch call.target.body {
      case .handWritten(let reason): printer.line("/* \(call.function.name): \(reason). */")
      case .typedParameter: printer.line("/* \(call.function.name): one of a family that a macro writes. */")
      default: continue
      }
      printer.line(
        "\(call.function.returns.type.declaring("virt_body_\(call.function.name)"))(\(Declarations.parameterList(call.function.parameters));"
      )
    }
    printer.lines("", "/* What the exported data objects point to. */")
    for variable in plan.description.topics.flatMap(\.variables) {
      printer.line("extern \(pointee(variable.type).declaring("virt_data_\(variable.name)"));")
    }
    printer.line()
    writeEvents(plan, to: &printer)
    writeSiblings(plan, to: &printer)
    printer.lines("#endif")
    return [printer.file("Sources/CVirtDispatch/Generated/include/virt-bodies.h")]
  }

  /// What a `…Ptr` typedef or a pointer type points to.
  private static func pointee(_ type: CType) -> CType {
    type.base.hasSuffix("Ptr") ? CType(String(type.base.dropLast(3))) : CType(type.text.replacing("*", with: ""))
  }

  private static func writeEvents(_ plan: Plan, to printer: inout CodePrinter) {
    var families: [String] = []
    for call in plan.calls {
      if case .event(_, let family, _) = call.function.body, !families.contains(family) { families.append(family) }
    }
    printer.line("/* Families of events that no driver emits through the boundary. */")
    for (index, family) in families.sorted().enumerated() {
      let name = "VIRT_EVENT_FAMILY_\(family.uppercased().replacingHyphens)"
      printer.lines("#ifndef \(name)", "#define \(name) \(256 + index)u", "#endif")
    }
    printer.lines(
      "/* Registers a callback for any event of a family; the callback's id, -1 on error. `object` limits it to one object. */",
      "int virt_host_event_register_any(const struct virt_function *function, uint32_t family,",
      "                                 virConnectPtr connection, void *object, int event, void (*callback)(void),",
      "                                 void *opaque, virFreeCallback release);",
      "/* Removes a callback by its id. */",
      "int virt_host_event_deregister_any(const struct virt_function *function, uint32_t family,",
      "                                   virConnectPtr connection, int identifier);",
      "/* Registers the callback for the end of a connection; it is known by its address. */",
      "int virt_host_event_register_close(const struct virt_function *function, uint32_t family, void *connection,",
      "                                   void (*callback)(void), void *opaque, virFreeCallback release);",
      "/* Removes it. */",
      "int virt_host_event_deregister_close(const struct virt_function *function, uint32_t family, void *connection,",
      "                                     void (*callback)(void));",
      "/* Registers a lifecycle callback that is known by its address. */",
      "int virt_host_event_register_legacy(const struct virt_function *function, uint32_t family,",
      "                                    virConnectPtr connection, void (*callback)(void), void *opaque,",
      "                                    virFreeCallback release);",
      "/* Removes a callback by its address. */",
      "int virt_host_event_deregister_legacy(const struct virt_function *function, uint32_t family,",
      "                                      virConnectPtr connection, void (*callback)(void));",
      "")
  }

  private static func writeSiblings(_ plan: Plan, to printer: inout CodePrinter) {
    printer.line(
      "/* Bodies of the sibling libraries' functions: they live in libvirt.so.0 and are reached through the run-time's table. */")
    printer.block("struct virt_sibling_bodies {", "};") { printer in
      printer.line("size_t size;")
      for call in plan.calls where call.library.isSibling {
        guard case .handWritten = call.target.body else { continue }
        printer.line(
          "\(call.function.returns.type.pointerlessDeclaring("(*\(call.function.name))"))(\(Declarations.parameterList(call.function.parameters));"
        )
      }
      printer.line(
        "int (*event_register)(const struct virt_function *, uint32_t, virConnectPtr, virDomainPtr, const char *, void (*)(void), void *, virFreeCallback, unsigned int);"
      )
      printer.line("int (*event_deregister)(const struct virt_function *, uint32_t, virConnectPtr, int);")
      printer.line(
        "int (*close_register)(const struct virt_function *, uint32_t, void *, void (*)(void), void *, virFreeCallback);")
      printer.line("int (*close_deregister)(const struct virt_function *, uint32_t, void *, void (*)(void));")
    }
    printer.line("#ifdef VIRT_SIBLING")
    for call in plan.calls where call.library.isSibling {
      guard case .handWritten = call.target.body else { continue }
      printer.line("#define virt_body_\(call.function.name) __virt_runtime->bodies->\(call.function.name)")
    }
    printer.lines(
      "#define virt_host_event_register_any __virt_runtime->bodies->event_register",
      "#define virt_host_event_deregister_any __virt_runtime->bodies->event_deregister",
      "#define virt_host_event_register_close __virt_runtime->bodies->close_register",
      "#define virt_host_event_deregister_close __virt_runtime->bodies->close_deregister", "#else")
    for call in plan.calls where call.library.isSibling {
      guard case .handWritten(let reason) = call.target.body else { continue }
      printer.lines(
        "/* \(call.function.name): \(reason). */",
        "\(call.function.returns.type.declaring("virt_body_\(call.function.name)"))(\(Declarations.parameterList(call.function.parameters));"
      )
    }
    printer.lines(
      "/* Registers a callback for events of the monitor, filtered by name. */",
      "int virt_host_event_register_monitor(const struct virt_function *function, uint32_t family,",
      "                                     virConnectPtr connection, virDomainPtr domain, const char *event,",
      "                                     void (*callback)(void), void *opaque, virFreeCallback release, unsigned int flags);",
      "#endif", "")
  }
}
