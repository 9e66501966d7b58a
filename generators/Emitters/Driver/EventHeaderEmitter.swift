import APIDescription
import BindingPlan
import CodePrinting

/// Writes `virt-driver-events.h`: what each event carries.
enum EventHeaderEmitter {
  /// The header.
  static func file(_ plan: Plan, _ boundary: Boundary) -> GeneratedFile {
    var printer = CodePrinter(.c)
    printer.comment(
      "What an event carries. Included by virt-driver.h. `head` says its size and what it is about. Everything is borrowed"
        + " until event_emit returns.")
    printer.lines(
      "#ifndef VIRT_DRIVER_EVENTS_H", "#define VIRT_DRIVER_EVENTS_H", "", "#include <libvirt/virt-driver.h>", "")
    for kind in EventKind.all(plan, boundary) {
      printer.comment("\(kind.identifier), for \(kind.callback.name). Since 1.0.")
      printer.block("struct \(kind.structName) {", "};") { printer in
        printer.line("struct virt_driver_event head;")
        for field in kind.fields {
          let note = field.parameter.nullability == .yes ? " /* may be NULL */" : ""
          printer.line("\(field.parameter.type.declaring(field.parameter.name));\(note)")
        }
      }
      printer.line()
    }
    printer.line("#endif")
    return printer.file(DriverHeaderEmitter.folder + "virt-driver-events.h")
  }
}
