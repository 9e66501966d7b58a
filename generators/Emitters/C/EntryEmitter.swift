import APIDescription
import BindingPlan
import CodePrinting

/// Writes the exported functions: guards, the call through the table, and nothing else.
enum EntryEmitter {
  static func files(_ plan: Plan) -> [GeneratedFile] {
    var files: [GeneratedFile] = []
    for header in plan.description.headers {
      guard let library = plan.description.libraries.first(where: { $0.name == header.library }) else { continue }
      for topic in header.topics {
        let calls = plan.calls(of: topic)
        if calls.isEmpty && topic.variables.isEmpty { continue }
        files.append(file(calls, topic, header, library, plan))
      }
    }
    return files
  }

  /// The folder of a library's entry points.
  static func folder(_ library: Library) -> String {
    library.isSibling ? "Sources/CVirtSiblings/\(library.shortName)/Generated" : "Sources/CVirtExports/Generated"
  }

  /// The part of the driver header that has the operations of these calls.
  private static func driverHeader(_ calls: [CallPlan]) -> String {
    calls.contains { $0.operation?.table == "admin" } ? "virt-driver-admin.h" : "virt-driver.h"
  }

  private static func file(_ calls: [CallPlan], _ topic: Topic, _ header: Header, _ library: Library, _ plan: Plan)
    -> GeneratedFile
  {
    var printer = CodePrinter(.c)
    printer.line("/* Entry points of the topic '\(topic.name)' of \(header.name).h. */")
    if library.isSibling { printer.line("#define VIRT_SIBLING 1") }
    printer.lines("#include <limits.h>", "#include <stdlib.h>", "#include <string.h>", "#include <libvirt/libvirt.h>")
    if library.isSibling { printer.line("#include <libvirt/\(header.name).h>") }
    printer.lines(
      "#include <libvirt/\(driverHeader(calls))>", "#include \"virt-runtime.h\"", "#include \"virt-bodies.h\"", "",
      "#define VIRT_EXPORT __attribute__((visibility(\"default\")))", "")
    for variable in topic.variables {
      printer.lines("VIRT_EXPORT \(variable.type.declaring(variable.name)) = &virt_data_\(variable.name);", "")
    }
    for call in calls {
      FunctionEmitter(plan: plan, call: call).write(to: &printer)
      printer.line()
    }
    return printer.file("\(folder(library))/\(header.name)-\(topic.name).c")
  }
}

extension Library {
  /// Its name without what all siblings share: `qemu`.
  var shortName: String { String(name.split(separator: "-").last ?? "") }
}
