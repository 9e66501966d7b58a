import APIDescription
import BindingPlan
import CodePrinting

/// Writes the stub of `libvirt.aio`: the classes and functions of `libvirt`, those that may wait as coroutines, and events.
struct PythonAsyncStub {
  let names: PythonNames

  private var callbacks: PythonCallbackEmitter { PythonCallbackEmitter(names: names) }
  /// The families whose events come as streams: those with numbers.
  private var families: [String] { callbacks.families.filter { !kinds($0).isEmpty } }

  /// The stub.
  var file: GeneratedFile {
    var stub = PythonStub(names: names, module: "libvirt.aio")
    let openers = PythonAsyncEmitter(names: names).openers
    stub.own = Set(names.classes.map(\.name))
    for family in families { write(family, to: &stub) }
    for handle in names.classes { write(handle, to: &stub) }
    for call in openers { writeOpener(call, to: &stub) }
    let events = families.flatMap { kinds($0).map { PythonAsyncEmitter.className($0.event) } }
    stub.body.block("__all__ = [", "]") { printer in
      let all = ["EventStream"] + names.classes.map(\.name) + openers.compactMap(\.python?.name) + events
      printer.wrapped(all.map { "\"\($0)\"" }.joined(separator: ", "), prefix: "")
    }
    for name in ["NamedTuple", "TypeVar"] { stub.use(name) }
    return stub.file(
      "\(PythonStubEmitter.folder)/libvirt/aio/__init__.pyi",
      doc: "The API of libvirt for asyncio: whatever may wait is awaited, and events are iterated over.",
      lead: [
        "import libvirt", "from ._connection import Connection as _Connection, Opening as _Opening",
        "from ._events import EventStream as EventStream", "from ._objects import Child as _Child", "", "_T = TypeVar(\"_T\")",
      ])
  }

  // MARK: - Classes

  private func write(_ handle: HandleType, to stub: inout PythonStub) {
    let isRoot = handle.parent == "none"
    stub.type(handle.name, base: isRoot ? "_Connection" : "_Child", doc: [handle.doc]) { stub in
      for constant in handle.pythonConstants {
        stub.use("Final")
        stub.variable(constant.name, "Final = \(constant.value)")
      }
      for ancestor in PythonTables(names: names).ancestors(handle) {
        let doc = ["The object it belongs to, of the class the name says."]
        stub.function(ancestor.name, [PythonSignature(arguments: ["self"], result: ancestor.handle.name)], doc: doc)
      }
      let address = ["The address of the C object; 0 when it was given back."]
      stub.function("c_pointer", [PythonSignature(arguments: ["self"], result: "int")], doc: address)
      for call in names.calls where call.python?.className == handle.name { write(call, to: &stub) }
      if isRoot { writeRoot(to: &stub) }
    }
  }

  private func write(_ call: CallPlan, to stub: inout PythonStub) {
    guard let python = call.python else { return }
    let signatures = PythonTypes(names: names, call: call, python: python).signatures
    stub.function(python.name, signatures, doc: PythonProse.lines(call, python, names), isAsync: call.function.blocks)
  }

  private func writeOpener(_ call: CallPlan, to stub: inout PythonStub) {
    guard let python = call.python else { return }
    let own = ["*", "workers: int = 4", "timeout: float | None = None"]
    let signatures = PythonTypes(names: names, call: call, python: python).signatures.map {
      PythonSignature(arguments: $0.arguments + own, result: "_Opening")
    }
    let doc = [
      "", "To be awaited, or entered with `async with`.", "",
      "  workers: how many calls of the connection run at the same time; with 1 in the order in which they were made",
      "  timeout: seconds after which a call is given up with TimeoutError; None for never",
    ]
    stub.function(python.name, signatures, doc: PythonProse.lines(call, python, names) + doc)
  }

  /// What a connection has beyond the library: functions of the program in its threads, whose objects come back as ours, and events.
  private func writeRoot(to stub: inout PythonStub) {
    func signature(_ given: String, _ result: String) -> PythonSignature {
      PythonSignature(
        arguments: ["self", "function: Callable[..., \(given)]", "/", "*arguments: Any", "**keywords: Any"], result: result)
    }
    var signatures: [PythonSignature] = []
    for form in ["", "list"] {
      for handle in names.classes {
        let (given, result) = ("libvirt.\(handle.name)", handle.name)
        signatures.append(form.isEmpty ? signature(given, result) : signature("list[\(given)]", "list[\(result)]"))
      }
    }
    signatures.append(signature("_T", "_T"))
    stub.function("run", signatures, isAsync: true, note: "overload-overlap, override, unused-ignore")
    stub.function("events", families.flatMap(streams), note: "override")
  }

  // MARK: - Events

  /// The kinds of a family, with the types of their callbacks.
  private func kinds(_ family: String) -> [(event: String, type: Callback)] {
    callbacks.types.filter { $0.eventFamily == family }.flatMap { type in type.events.map { ($0, type) } }
  }

  private func number(_ event: String) -> Int? {
    names.plan.description.topics.lazy.flatMap(\.enumerations).flatMap(\.values).first { $0.name == event }?.value
  }

  /// The class of what a family's events are about.
  private func subject(_ family: String) -> HandleType? {
    kinds(family).first?.type.parameters.dropFirst().first.flatMap { names.plan.types.handle($0.type.base) }
  }

  /// Any event of a family.
  private func union(_ family: String) -> String {
    "_\(family.split(separator: "-").map { $0.prefix(1).uppercased() + $0.dropFirst() }.joined())Event"
  }

  private func write(_ family: String, to stub: inout PythonStub) {
    let types = PythonCallbackTypes(values: PythonValues(names: names))
    for (event, type) in kinds(family) {
      let doc = [PythonAsyncEmitter.fields(type).isEmpty ? "The kind is \(event)." : type.doc.withoutCalled]
      stub.type(PythonAsyncEmitter.className(event), base: "NamedTuple", doc: doc) { stub in
        stub.variable("kind", "int")
        stub.variable(family.replacingHyphens, subject(family)?.name ?? "Any")
        for field in PythonAsyncEmitter.fields(type) { stub.variable(field.name, types.argument(field, of: type)) }
      }
    }
    stub.use("Union")
    stub.body.block("\(union(family)) = Union[", "]") { printer in
      printer.wrapped(kinds(family).map { PythonAsyncEmitter.className($0.event) }.joined(separator: ", "), prefix: "")
    }
  }

  /// The streams of a family: of all kinds, of one, and of several. The family that is meant unless another is named need not be.
  private func streams(_ family: String) -> [PythonSignature] {
    let word = family.replacingHyphens
    let object = "\(word): \(subject(family)?.name ?? "Any") | None"
    let name = "family: Literal[\"\(word)\"]"
    var ways = [["\(object) = None", "\(name) | None = None"]]
    if family != families.first { ways = [[object], [name, "\(object) = None"]] }
    return ways.flatMap { way in
      func signature(_ given: [String], _ event: String) -> PythonSignature {
        PythonSignature(arguments: ["self"] + given + way + ["limit: int = 1000"], result: "EventStream[\(event)]")
      }
      let single = kinds(family).compactMap { kind in
        number(kind.event).map { number in
          signature(
            ["kind: Literal[\(number)]", "/", "*kinds: Literal[\(number)]"], PythonAsyncEmitter.className(kind.event))
        }
      }
      return [signature(["*"], union(family))] + single + [signature(["*kinds: int"], union(family))]
    }
  }
}
