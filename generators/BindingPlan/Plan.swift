import APIDescription

/// One parameter with the decision about it.
public struct PlannedParameter {
  public let parameter: Parameter
  public let marshalling: Marshalling
}

/// The C signature of an operation and how its parameters are carried.
public struct OperationPlan {
  public let operation: Operation
  /// All parameters behind the driver's state, results last.
  public let parameters: [PlannedParameter]
  /// The shape of the added `result` parameter; nil when there is none.
  public let result: Returns?
  /// The group's table: `connection`, `stream` or `admin`.
  public var table: String { operation.table }
  /// The C name of its id.
  public var identifier: String { "VIRT_OPERATION_\(operation.name)" }
  /// The C name of its function type.
  public var typeName: String { "virt_operation_\(operation.name)" }
}

/// A check before anything is called, in order.
public enum Guard {
  /// The pointer is a live handle of the class; NULL passes when `isNullable`.
  case handle(name: String, type: HandleType, isNullable: Bool)
  /// The connection may be used, and written to when `writes`.
  case mode(writes: Bool)
  /// The handle belongs to the receiver's connection.
  case sameConnection(name: String)
  /// Not NULL.
  case notNull(name: String)
  /// Not NULL unless the count is 0.
  case notNullUnlessEmpty(name: String, count: String)
  /// The array behind a pointer to its length: not NULL unless that is 0.
  case notNullUnlessZero(name: String, pointer: String)
  /// A lower bound; `isPointer` when the number is behind a pointer.
  case least(name: String, value: Int, isUnsigned: Bool, isPointer: Bool)
  /// An upper bound, exclusive when it is an enumerator.
  case most(name: String, value: String)
  /// A struct's size as the caller knows it.
  case size(name: String, structName: String)
  /// A flag that a read-only connection may not pass.
  case deniedFlag(String)
  /// Two flags that exclude each other.
  case exclusive(String, String)
  /// A flag that needs another.
  case requires(String, String)
  /// A product that must not overflow.
  case product(String, String, most: String)
}

/// Everything decided about one public function. An object, because emitters hand lists of it around and copying one is dear.
public final class CallPlan {
  public let function: Function
  public let header: Header
  public let library: Library
  public let topic: String
  /// The function whose body it has: itself, or the one it stands for.
  public let target: Function
  public let parameters: [PlannedParameter]
  public let receiver: HandleType?
  public let guards: [Guard]
  /// The operation it calls, if it calls one.
  public let operation: OperationPlan?
  /// How Python sees it; nil for what is not there.
  public let python: PythonCall?

  init(
    function: Function, header: Header, library: Library, topic: String, target: Function, parameters: [PlannedParameter],
    receiver: HandleType?, guards: [Guard], operation: OperationPlan?
  ) {
    self.function = function
    self.header = header
    self.library = library
    self.topic = topic
    self.target = target
    self.parameters = parameters
    self.receiver = receiver
    self.guards = guards
    self.operation = operation
    python = PythonCall(function, of: library, receiver: receiver)
  }

  /// The version node of its symbol.
  public var node: String { library.nodePrefix + function.since }
}

/// Everything decided, in the order of the description.
public struct Plan {
  public let description: Description
  public let types: TypeTable
  public let calls: [CallPlan]
  public let operations: [OperationPlan]

  /// The calls of a topic.
  public func calls(of topic: Topic) -> [CallPlan] {
    calls.filter { $0.header.name == topic.header && $0.topic == topic.name }
  }

  /// The calls of a public function or an operation.
  public func calls(named name: String) -> [CallPlan] {
    calls.filter { $0.function.name == name || $0.operation?.operation.name == name }
  }

  /// The operation of that name.
  public func operation(_ name: String) -> OperationPlan? { operationsByName[name].map { operations[$0] } }

  let operationsByName: [String: Int]
}
