extension Validator {
  /// Operations: ids, signatures and who calls them.
  mutating func checkOperations() {
    var ids: [String: [Int: Operation]] = [:]
    for operation in description.operations {
      if operation.id < 1 { report(operation.location, "the operation '\(operation.name)' has no id") }
      if let other = ids[operation.table]?[operation.id] {
        report(
          operation.location, "the operation '\(operation.name)' has the id \(operation.id) of '\(other.name)', \(other.location)")
      }
      ids[operation.table, default: [:]][operation.id] = operation
      if let name = operation.function {
        if functions[name] == nil {
          report(operation.location, "the operation '\(operation.name)' has the signature of the unknown function '\(name)'")
        }
        if !operation.parameters.isEmpty {
          report(operation.location, "the operation '\(operation.name)' has a signature of its own and one of '\(name)'")
        }
      } else if operation.doc.isEmpty {
        report(operation.location, "the operation '\(operation.name)' has no public function and needs a <doc>")
      }
      for parameter in operation.parameters { check(parameter, of: operation.name, among: operation.parameters, returns: nil) }
      if let since = operation.since { checkVersion(since, operation.location) }
    }
  }

  /// Wire numbers and what they stand for.
  mutating func checkWire() {
    var onWire: Set<String> = []
    for program in description.programs {
      var numbers: [Int: WireProcedure] = [:]
      for procedure in program.procedures {
        if let other = numbers[procedure.number] {
          report(
            procedure.location,
            "the procedure '\(procedure.name)' has the number \(procedure.number) of '\(other.name)', \(other.location)")
        }
        numbers[procedure.number] = procedure
        if let name = procedure.operation {
          onWire.insert(name)
          if operations[name] == nil {
            report(procedure.location, "the procedure '\(procedure.name)' stands for the unknown operation '\(name)'")
          }
        } else if procedure.role == nil {
          report(procedure.location, "the procedure '\(procedure.name)' stands for no operation and has no role")
        }
      }
    }
    for operation in description.operations {
      let isOnWire = onWire.contains(operation.name)
      if !isOnWire && operation.wire == nil {
        report(operation.location, "the operation '\(operation.name)' has no wire procedure and does not say why")
      }
      if isOnWire && operation.wire != nil {
        report(operation.location, "the operation '\(operation.name)' has a wire procedure and denies it")
      }
    }
  }
}
