import APIDescription
import BindingPlan

/// An operation as a Swift method: what it takes and gives, and how the C function between them converts.
struct SwiftSignature {
  let plan: OperationPlan
  /// The method's arguments: what they are called in the documentation, and their types.
  private(set) var arguments: [(label: String, type: String)] = []
  /// What the method returns, labelled when there are several.
  private(set) var results: [(label: String, type: String)] = []
  /// In what forms the one result may come.
  private(set) var generic: GenericResult?
  /// Parameters of the C function behind the driver's state.
  private(set) var cParameters: [(name: String, type: String)] = []
  /// Pointers that must be there.
  private(set) var guards: [String] = []
  /// The call's arguments in terms of the C parameters.
  private(set) var call: [String] = []
  /// Statements before the call.
  private(set) var before: [String] = []
  /// Statements that make what the caller receives; these may fail.
  private(set) var making: [String] = []
  /// Statements that hand it over.
  private(set) var giving: [String] = []

  /// What the call is about, for whoever watches calls: its first handle besides the connection, else its first text.
  private(set) var subject: String?

  /// Where the handle goes that the call makes.
  private(set) var made: String?

  private let naming: SwiftNaming
  private let types: TypeTable
  /// Numbers that only say how long something else is.
  private var lengths: Set<String> = []
  /// Whether an array's length is the result.
  private var countIsArray = false

  /// Decides for an operation; nil when its parameters cannot be carried to Swift.
  init?(_ plan: OperationPlan, _ naming: SwiftNaming, _ types: TypeTable, flagTypes: Set<String>) {
    self.plan = plan
    self.naming = naming
    self.types = types
    lengths = SwiftSignature.lengths(plan)
    countIsArray = plan.parameters.contains { $0.parameter.length == "return" }
    for (index, parameter) in plan.parameters.enumerated() {
      let isReceiver = index == 0 && isProvider(parameter)
      guard add(parameter, isReceiver: isReceiver, flagTypes) else { return nil }
      if case .handle = parameter.marshalling, !isReceiver || plan.table == "stream", subject?.hasPrefix(".handle") != true {
        subject = ".handle(\(SwiftNaming.escaped(parameter.parameter.name)))"
      } else if case .text = parameter.marshalling, subject == nil {
        subject = ".text(\(SwiftNaming.escaped(parameter.parameter.name)))"
      }
    }
    addResult()
  }

  /// Whether the parameter is what the driver's own object stands for.
  private func isProvider(_ parameter: PlannedParameter) -> Bool {
    guard case .handle(let type, _) = parameter.marshalling else { return false }
    return type.classID == plan.table
  }

  /// The parameters whose value follows from another's.
  private static func lengths(_ plan: OperationPlan) -> Set<String> {
    var names: Set<String> = []
    for planned in plan.parameters {
      let parameter = planned.parameter
      for text in [parameter.length, parameter.capacity, parameter.sizedBy] {
        if let text, !text.contains("*") { names.insert(text) }
      }
    }
    if let length = plan.result?.length { names.insert(length) }
    return names
  }

  /// `answer`, or its member.
  private func answer(_ label: String) -> String { "\u{0}\(label)\u{0}" }

  /// The name a result goes by once all results are known.
  func resolved(_ statement: String) -> String {
    let parts = statement.split(separator: "\u{0}", omittingEmptySubsequences: false)
    return parts.enumerated().map { index, part in
      index % 2 == 0 ? String(part) : results.count == 1 ? "answer" : "answer.\(part)"
    }.joined()
  }

  private mutating func argument(_ label: String, _ type: String, _ expression: String) {
    arguments.append((label, type))
    call.append(expression)
  }

  private mutating func result(_ label: String, _ type: String) { results.append((label, type)) }

  /// The expression for a length: one parameter or a product.
  private func length(_ text: String) -> String {
    let names = text.split(separator: "*").map { SwiftNaming.escaped(String($0)) }
    return "extent(\(names.joined(separator: ", ")))"
  }

  private mutating func add(_ planned: PlannedParameter, isReceiver: Bool, _ flagTypes: Set<String>) -> Bool {
    let parameter = planned.parameter
    let label = parameter.name
    let name = SwiftNaming.escaped(label)
    let number = SwiftNaming.number(parameter.type.base)
    var cType: String
    switch planned.marshalling {
    case .handle(let type, let isNullable):
      cType = "OpaquePointer?"
      if isReceiver { break }
      let wrapper = naming.handle(type)
      if isNullable {
        argument(label, "\(wrapper)?", "\(name).map { \(wrapper)($0) }")
      } else {
        guards.append(name)
        argument(label, wrapper, "\(wrapper)(\(name))")
      }
    case .scalar:
      cType = number
      if !lengths.contains(label) { argument(label, number, name) }
    case .flags(let type):
      cType = number
      if let type, flagTypes.contains(type), number == "UInt32" {
        let wrapper = naming.enumeration(type)
        argument(label, wrapper, "\(wrapper)(rawValue: \(name))")
      } else {
        argument(label, number, name)
      }
    case .text(let isNullable):
      cType = "UnsafePointer<CChar>?"
      if isNullable {
        argument(label, "BorrowedText?", "BorrowedText(\(name))")
      } else {
        guards.append(name)
        argument(label, "BorrowedText", "BorrowedText(\(name))")
      }
    case .textOut:
      cType = "UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?"
      result(label, "String?")
      making.append("let \(label)Text = try HostTextSlot(\(answer(label)))")
      giving.append("\(label)Text.give(\(name))")
    case .uuid:
      cType = "UnsafePointer<UInt8>?"
      guards.append(name)
      argument(label, "UUID", "UUID(bytes: \(name))")
    case .uuidOut, .uuidTextOut, .callback, .opaque, .freeCallback: return false
    case .bytes(let length):
      cType = "UnsafeRawPointer?"
      argument(label, "UnsafeRawBufferPointer", "UnsafeRawBufferPointer(start: \(name), count: \(self.length(length)))")
    case .bytesOut(let length):
      cType = "UnsafeMutableRawPointer?"
      let buffer = "UnsafeMutableRawBufferPointer"
      argument(label, buffer, "\(buffer)(start: \(name), count: \(self.length(length)))")
    case .bytesAllocated:
      cType = "UnsafeMutablePointer<UnsafeMutablePointer<UInt8>?>?"
      result(label, "[UInt8]")
      making.append("let \(label)Array = try HostArray(\(answer(label)))")
      giving.append("\(label)Array.give(\(name))")
    case .scalarOut:
      cType = "UnsafeMutablePointer<\(number)>?"
      if lengths.contains(label) { break }
      result(label, number)
      giving.append("\(name)?.pointee = \(answer(label))")
    case .scalarInOut:
      cType = "UnsafeMutablePointer<\(number)>?"
      if !lengths.contains(label) { argument(label, cType, name) }
    case .length:
      cType = parameter.type.pointers > 0 ? "UnsafeMutablePointer<\(number)>?" : number
      if !lengths.contains(label) { argument(label, cType, name) }
    default:
      guard let type = addCompound(planned) else { return false }
      cType = type
    }
    cParameters.append((label, cType))
    return true
  }

  private mutating func addCompound(_ planned: PlannedParameter) -> String? {
    let parameter = planned.parameter
    let label = parameter.name
    let name = SwiftNaming.escaped(label)
    let number = SwiftNaming.number(parameter.type.base)
    switch planned.marshalling {
    case .structIn(let type, _):
      argument(label, "UnsafePointer<\(type)>?", name)
      return "UnsafePointer<\(type)>?"
    case .structOut(let type):
      result(label, type)
      giving.append("\(name)?.pointee = \(answer(label))")
      return "UnsafeMutablePointer<\(type)>?"
    case .structOutSized(let type, let size):
      result(label, type)
      giving.append("fillPrefix(\(name), \(self.length(size)), \(answer(label)))")
      return "UnsafeMutablePointer<\(type)>?"
    case .structsOut(let type, let capacity):
      addFilled(label, name, type, capacity)
      return "UnsafeMutablePointer<\(type)>?"
    case .scalarsOut(let capacity):
      addFilled(label, name, number, capacity)
      return "UnsafeMutablePointer<\(number)>?"
    case .structsAllocated(let type, let pointers):
      addAllocated(label, name, pointers ? "UnsafeMutablePointer<\(type)>?" : type, isTerminated: pointers)
      let element = pointers ? "UnsafeMutablePointer<\(type)>?" : type
      return "UnsafeMutablePointer<UnsafeMutablePointer<\(element)>?>?"
    case .scalars(let length):
      argument(label, "UnsafeBufferPointer<\(number)>", "UnsafeBufferPointer(start: \(name), count: \(self.length(length)))")
      return "UnsafePointer<\(number)>?"
    case .descriptors(let length):
      argument(label, "UnsafeBufferPointer<Int32>", "UnsafeBufferPointer(start: \(name), count: \(self.length(length)))")
      return "UnsafePointer<Int32>?"
    case .texts(let length):
      argument(label, "[BorrowedText]", "readTexts(\(name), \(length.map { self.length($0) } ?? ".max"))")
      return "UnsafePointer<UnsafePointer<CChar>?>?"
    case .textsOut(let capacity):
      generic = .texts
      result(label, "HostTexts")
      argument("limit", "Int", length(capacity))
      giving.append("result?.pointee = answer.fill(\(name), \(length(capacity)))")
      return "UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?"
    case .textsAllocated:
      generic = .texts
      result(label, "HostTexts")
      giving.append("result?.pointee = answer.count")
      giving.append("answer.give(\(name))")
      return "UnsafeMutablePointer<UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?>?"
    case .handles(let type):
      argument(label, "[\(naming.handle(type))]?", "readHandles(\(name), \(naming.handle(type)).self)")
      return "UnsafePointer<OpaquePointer?>?"
    case .handlesAllocated(let type):
      before.append("var list = HandleList<\(naming.handle(type))>(countsOnly: \(name) == nil)")
      argument(label, "inout HandleList<\(naming.handle(type))>", "&list")
      making.append("try list.finish()")
      giving.append("list.give(\(name), result)")
      return "UnsafeMutablePointer<UnsafeMutablePointer<OpaquePointer?>?>?"
    case .handleOut(let type):
      result(label, "\(naming.handle(type))?")
      giving.append("\(name)?.pointee = \(answer(label))?.pointer")
      return "UnsafeMutablePointer<OpaquePointer?>?"
    default: return addParameters(planned)
    }
  }

  private mutating func addParameters(_ planned: PlannedParameter) -> String? {
    let label = planned.parameter.name
    let name = SwiftNaming.escaped(label)
    switch planned.marshalling {
    case .parameters(let length, _):
      if length.isEmpty {
        argument(label, "UnsafePointer<virTypedParameter>?", name)
      } else {
        argument(label, "[TypedParameter]", "TypedParameter.read(\(name), \(self.length(length)))")
      }
      return "UnsafePointer<virTypedParameter>?"
    case .parametersOut(let length, _):
      guard !length.contains("*") else {
        let buffer = "UnsafeMutableBufferPointer<virTypedParameter>"
        argument(label, buffer, "UnsafeMutableBufferPointer(start: \(name), count: \(self.length(length)))")
        return "UnsafeMutablePointer<virTypedParameter>?"
      }
      result(label, "[TypedParameter]")
      making.append("var \(label)List = try HostParameters(\(answer(label)))")
      let flags = plan.parameters.first { if case .flags = $0.marshalling { true } else { false } }?.parameter.name
      giving.append("\(label)List.fill(\(name), \(SwiftNaming.escaped(length)), \(flags ?? "0"))")
      return "UnsafeMutablePointer<virTypedParameter>?"
    case .parametersAllocated(let length, _):
      result(label, "[TypedParameter]")
      making.append("let \(label)List = try HostParameters(\(answer(label)))")
      giving.append("\(label)List.give(\(name), \(SwiftNaming.escaped(length)))")
      return "UnsafeMutablePointer<UnsafeMutablePointer<virTypedParameter>?>?"
    case .descriptorsAllocated(let length):
      addAllocated(label, name, "Int32", isTerminated: false, count: length == "return" ? nil : length)
      return "UnsafeMutablePointer<UnsafeMutablePointer<Int32>?>?"
    case .pointer:
      argument(label, "UnsafeMutableRawPointer?", name)
      return "UnsafeMutableRawPointer?"
    default: return nil
    }
  }

  /// An array that the caller made room for.
  private mutating func addFilled(_ label: String, _ name: String, _ element: String, _ capacity: String) {
    result(label, "[\(element)]")
    let isPointer = plan.parameters.first { $0.parameter.name == capacity }.map { $0.parameter.type.pointers > 0 } ?? false
    if isPointer {
      giving.append("fill(\(name), \(SwiftNaming.escaped(capacity)), \(answer(label)))")
    } else {
      argument("limit", "Int", length(capacity))
      giving.append("result?.pointee = fill(\(name), \(length(capacity)), \(answer(label)))")
    }
  }

  /// An array that becomes the caller's.
  private mutating func addAllocated(
    _ label: String, _ name: String, _ element: String, isTerminated: Bool, count: String? = nil
  ) {
    result(label, "[\(element)]")
    making.append("let \(label)Array = try HostArray(\(answer(label))\(isTerminated ? " + [nil]" : ""))")
    giving.append(
      "\(count.map(SwiftNaming.escaped) ?? "result")?.pointee = .init(\(label)Array.count\(isTerminated ? " - 1" : ""))")
    giving.append("\(label)Array.give(\(name))")
  }

  private mutating func addResult() {
    guard let returns = plan.result else { return }
    let number = SwiftNaming.number(returns.type.base)
    switch returns.shape {
    case .none, .status: return
    case .count:
      cParameters.append(("result", "UnsafeMutablePointer<Int32>?"))
      if countIsArray { return }
      result("count", "Int32")
      giving.append("result?.pointee = \(answer("count"))")
    case .value:
      cParameters.append(("result", "UnsafeMutablePointer<\(number)>?"))
      result("value", number)
      giving.append("result?.pointee = \(answer("value"))")
    case .boolean:
      cParameters.append(("result", "UnsafeMutablePointer<Int32>?"))
      result("value", "Bool")
      giving.append("result?.pointee = \(answer("value")) ? 1 : 0")
    case .string:
      cParameters.append(("result", "UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?"))
      if results.isEmpty && !returns.isNullable {
        generic = .text
        result("text", "HostString")
        giving.append("result?.pointee = answer.take()")
      } else {
        result("text", "String?")
        making.append("let resultText = try HostTextSlot(\(answer("text")))")
        giving.append("resultText.give(result)")
      }
    case .borrowedString:
      cParameters.append(("result", "UnsafeMutablePointer<UnsafePointer<CChar>?>?"))
      result("text", "BorrowedText?")
      giving.append("result?.pointee = \(answer("text"))?.pointer")
    case .handle:
      cParameters.append(("result", "UnsafeMutablePointer<OpaquePointer?>?"))
      guard let type = types.handle(returns.type.base) else { return }
      made = "result"
      result("handle", naming.handle(type) + (returns.isNullable ? "?" : ""))
      giving.append("result?.pointee = \(answer("handle"))\(returns.isNullable ? "?" : "").pointer")
    case .buffer:
      cParameters.append(("result", "UnsafeMutablePointer<UnsafeMutablePointer<UInt8>?>?"))
      result("bytes", "[UInt8]")
      making.append("let resultArray = try HostArray(\(answer("bytes")))")
      if let length = returns.length { giving.append("\(SwiftNaming.escaped(length))?.pointee = .init(resultArray.count)") }
      giving.append("resultArray.give(result)")
    case .pointer:
      cParameters.append(("result", "UnsafeMutablePointer<UnsafeMutableRawPointer?>?"))
      result("pointer", "UnsafeMutableRawPointer?")
      giving.append("result?.pointee = \(answer("pointer"))")
    }
  }

  /// The method's result type.
  var resultType: String {
    switch results.count {
    case 0: return "Void"
    case 1: return results[0].type
    default: return "(" + results.map { "\(SwiftNaming.escaped($0.label)): \($0.type)" }.joined(separator: ", ") + ")"
    }
  }

  /// What the box around the method holds.
  var boxType: String {
    "(\((["AnyObject"] + arguments.map(\.type)).joined(separator: ", "))) throws(VirtError) -> \(resultType)"
  }

  /// The box's name: the same for all operations of one shape.
  var boxName: String {
    let parts = arguments.map(\.type) + [results.isEmpty ? "Void" : resultType]
    return "Body_" + parts.map(SwiftSignature.token).joined(separator: "_")
  }

  private static func token(_ type: String) -> String {
    var text = ""
    for character in type {
      switch character {
      case "?": text += "OrNil"
      case "[": text += "ArrayOf"
      case "<": text += "Of"
      case "]", ">", "(", ")", " ", ",": break
      case ":": text += "_"
      default: text.append(character)
      }
    }
    return text.replacing("inout", with: "")
  }
}
