import APIDescription

/// Finds what a type name means.
public struct TypeTable {
  private var handlesByPointer: [String: HandleType] = [:]
  private var structsByPointer: [String: StructType] = [:]
  private var structsByName: [String: StructType] = [:]
  private var handlesByClass: [String: HandleType] = [:]
  private var callbacks: [String: Callback] = [:]
  private var scalars: [String: CType] = [:]

  /// Collects all types of a description.
  public init(_ description: Description) {
    for topic in description.topics {
      for handle in topic.handles {
        handlesByPointer[handle.pointer] = handle
        handlesByClass[handle.classID] = handle
      }
      for type in topic.structs {
        structsByName[type.name] = type
        if let pointer = type.pointer { structsByPointer[pointer] = type }
      }
      for callback in topic.callbacks { callbacks[callback.name] = callback }
      for typedef in topic.typedefs where typedef.type.pointers == 0 && typedef.type.isInteger {
        scalars[typedef.name] = typedef.type
      }
    }
    for topic in description.topics {
      for typedef in topic.typedefs where typedef.type.pointers == 1 {
        if let type = structsByName[typedef.type.base] { structsByPointer[typedef.name] = type }
      }
      for typedef in topic.typedefs where typedef.type.pointers == 0 {
        guard typedef.type.base.hasPrefix("struct ") else { continue }
        let tag = typedef.type.base.dropFirst(7)
        if let type = structsByName.values.first(where: { $0.tag == tag }) { structsByName[typedef.name] = type }
      }
    }
  }

  /// The handle behind a pointer typedef such as `virDomainPtr`.
  public func handle(_ name: String) -> HandleType? { handlesByPointer[name] }
  /// The handle of a class such as `domain`.
  public func handle(ofClass name: String) -> HandleType? { handlesByClass[name] }
  /// The struct behind a name, a pointer typedef or an alias.
  public func structType(_ name: String) -> StructType? { structsByPointer[name] ?? structsByName[name] }
  /// The integer type behind a typedef.
  public func scalar(_ name: String) -> CType? { scalars[name] }
  /// Whether a name is a callback type.
  public func isCallback(_ name: String) -> Bool { callbacks[name] != nil }
  /// The callback type of that name.
  public func callback(_ name: String) -> Callback? { callbacks[name] }

  /// The struct that typed parameters are made of: the one whose fields include a union.
  public func isTypedParameter(_ name: String) -> Bool {
    structType(name)?.fields.contains { !$0.members.isEmpty } ?? false
  }
}
