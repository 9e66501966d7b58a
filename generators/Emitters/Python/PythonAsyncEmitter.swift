import APIDescription
import BindingPlan
import CodePrinting

/// Writes the tables that `libvirt.aio` makes its classes and events from: which methods wait, which give objects, what ends a
/// running call early, what events carry.
struct PythonAsyncEmitter {
  let names: PythonNames

  static func files(_ plan: Plan) -> [GeneratedFile] {
    var printer = CodePrinter(.plain)
    printer.line("\"\"\"What the description says about calls that wait and about events.\"\"\"")
    printer.line("from typing import Any")
    let emitter = PythonAsyncEmitter(names: PythonNames(plan: plan))
    emitter.writeClasses(to: &printer)
    emitter.writeFunctions(to: &printer)
    emitter.writeEvents(to: &printer)
    let stub = PythonAsyncStub(names: emitter.names).file
    return [printer.file("\(PythonEmitter.folder)/modules/libvirt/aio/_tables.py"), stub]
  }

  // MARK: - Classes

  private func writeClasses(to printer: inout CodePrinter) {
    printer.lines(
      "", "# By class: its parent's attribute, what ends it, the methods that wait and those that never do, which of all",
      "# have objects in their results, and what ends a running call early.")
    printer.block("CLASSES: dict[str, dict[str, Any]] = {", "}") { printer in
      for handle in names.classes {
        let calls = names.calls.filter { $0.python?.className == handle.name }
        let ancestors = PythonTables(names: names).ancestors(handle).map(\.name)
        printer.block("\"\(handle.name)\": {", "},") { printer in
          printer.line("\"parent\": \"\(handle.parent == "none" ? "" : handle.pythonParent ?? "_conn")\",")
          printer.line("\"ends\": \"\(calls.first { $0.python?.details.ends == true }?.python?.name ?? "")\",")
          write("waits", calls.filter(\.function.blocks).compactMap(\.python?.name), to: &printer)
          write("plain", ancestors + calls.filter { !$0.function.blocks }.compactMap(\.python?.name), to: &printer)
          write("gives", ancestors + calls.filter(givesObjects).compactMap(\.python?.name), to: &printer)
          printer.block("\"aborts\": {", "},") { printer in
            for call in calls {
              guard let name = call.python?.name, let abort = abort(call, among: calls) else { continue }
              printer.line("\"\(name)\": \"\(abort)\",")
            }
          }
        }
      }
    }
  }

  private func write(_ key: String, _ words: [String], to printer: inout CodePrinter) {
    // A line for each, so that what comes or goes is a line.
    printer.block("\"\(key)\": (", "),") { printer in
      for word in Set(words).sorted() { printer.line("\"\(word)\",") }
    }
  }

  /// What the class calls the function that makes a running call end early.
  private func abort(_ call: CallPlan, among calls: [CallPlan]) -> String? {
    calls.first { $0.function.name == call.function.abortedBy }?.python?.name
  }

  /// Whether an object is or may be within what comes back.
  private func givesObjects(_ call: CallPlan) -> Bool {
    guard let python = call.python else { return false }
    return python.results.contains { name in
      if name == "return" {
        let returns = call.function.returns
        return returns.shape == .handle || names.plan.types.structType(returns.type.base).map(hasObjects) == true
      }
      guard let planned = call.parameters.first(where: { $0.parameter.name == name }) else { return false }
      let type = planned.parameter.type.base
      return names.plan.types.handle(type) != nil || names.plan.types.structType(type).map(hasObjects) == true
    }
  }

  private func hasObjects(_ type: StructType) -> Bool {
    type.fields.contains { field in
      guard field.isInPython, let type = field.type else { return false }
      return names.plan.types.handle(type.base) != nil || names.plan.types.structType(type.base).map(hasObjects) == true
    }
  }

  // MARK: - Functions

  /// The functions that give a connection.
  var openers: [CallPlan] {
    let first = names.libraries.first?.name
    return names.calls.filter { call in
      call.library.name == first && call.python != nil && call.python?.className == nil
        && names.plan.types.handle(call.function.returns.type.base)?.parent == "none"
    }
  }

  private func writeFunctions(to printer: inout CodePrinter) {
    printer.lines("", "# The functions that give a connection.")
    printer.line("OPENERS = \"\(openers.compactMap(\.python?.name).joined(separator: " "))\"")
    printer.lines("", "# The functions of an event loop, by the part they have in it.")
    printer.block("EVENT_LOOP = {", "}") { printer in
      for call in names.calls {
        guard let part = call.function.eventLoopPart, let name = call.python?.name else { continue }
        printer.line("\"\(part)\": \"\(name)\",")
      }
    }
  }

  // MARK: - Events

  private func writeEvents(to printer: inout CodePrinter) {
    let callbacks = PythonCallbackEmitter(names: names)
    printer.lines(
      "", "# By family: what registers and deregisters, what tells objects apart; by kind: a name, the fields, a sentence.")
    printer.block("EVENTS: dict[str, dict[str, Any]] = {", "}") { printer in
      for family in callbacks.families {
        guard let register = function("register", family), let deregister = function("deregister", family) else { continue }
        let serving = callbacks.types.filter { $0.eventFamily == family }
        printer.block("\"\(family.replacingHyphens)\": {", "},") { printer in
          printer.line("\"register\": \"\(register)\",")
          printer.line("\"deregister\": \"\(deregister)\",")
          printer.line("\"identity\": \"\(serving.first.map(identity) ?? "")\",")
          printer.block("\"kinds\": {", "},") { printer in
            for type in serving {
              for event in type.events {
                let name = Self.className(event)
                let fields = Self.fields(type).map(\.name)
                // A callback without fields stands for several kinds, and its sentence for none.
                let sentence = PythonProse.literal(fields.isEmpty ? "" : type.doc.withoutCalled)
                printer.line("\"\(event)\": (\"\(name)\", \"\(fields.joined(separator: " "))\", \(sentence)),")
              }
            }
          }
        }
      }
    }
  }

  /// What tells the objects of a family apart: their UUID, or their name where they have none.
  private func identity(_ type: Callback) -> String {
    guard let object = type.parameters.dropFirst().first else { return "" }
    let fields = ["uuid-string", "name"]
    for field in fields {
      for call in names.calls where call.receiver?.pointer == object.type.base {
        if case .accessor(field) = call.function.body, let name = call.python?.name { return name }
      }
    }
    return ""
  }

  /// The method of a connection that does something with registrations; nil where a module has it.
  private func function(_ action: String, _ family: String) -> String? {
    for call in names.calls {
      guard case .event(action, family, "any") = call.target.body, let python = call.python else { continue }
      if python.className != nil { return python.name }
    }
    return nil
  }

  /// What an event has besides the connection and the object: the parameters without numbers of elements.
  static func fields(_ type: Callback) -> [Parameter] {
    let counts = Set(type.parameters.compactMap(\.length))
    return type.parameters.dropFirst(2).filter { $0.role != "opaque" && $0.role != "free-callback" && !counts.contains($0.name) }
  }

  /// `VIR_NODE_DEVICE_EVENT_ID_UPDATE` becomes `NodeDeviceUpdateEvent`.
  static func className(_ event: String) -> String {
    let words = event.split(separator: "_").dropFirst().filter { $0 != "EVENT" && $0 != "ID" }
    return words.map { $0.prefix(1) + $0.dropFirst().lowercased() }.joined() + "Event"
  }
}

extension String {
  /// A sentence about a callback as one about its event: `Called when …` becomes `When …`.
  var withoutCalled: String {
    guard hasPrefix("Called ") else { return self }
    let rest = dropFirst(7)
    return rest.prefix(1).uppercased() + rest.dropFirst()
  }
}
