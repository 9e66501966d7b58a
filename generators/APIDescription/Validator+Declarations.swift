extension Validator {
  /// Types, their members and their versions.
  mutating func checkDeclarations() {
    for header in description.headers {
      if enumerators[header.errorDomain] == nil { report(header.location, "unknown error domain '\(header.errorDomain)'") }
    }
    for topic in description.topics {
      for enumeration in topic.enumerations { check(enumeration) }
      for handle in topic.handles { check(handle) }
      for type in topic.structs {
        if type.fields.isEmpty { report(type.location, "the struct '\(type.name)' has no fields") }
        if let free = type.free, functions[free] == nil { report(type.location, "unknown function '\(free)' frees '\(type.name)'") }
        for field in type.fields { check(field, of: type) }
      }
      for family in topic.families {
        for parameter in family.parameters where !macros.contains(parameter.key) {
          report(parameter.location, "the key '\(parameter.key)' is no macro")
        }
      }
      for macro in topic.macros { checkVersion(macro.since, macro.location) }
    }
  }

  private mutating func check(_ enumeration: Enumeration) {
    checkVersion(enumeration.since, enumeration.location)
    if enumeration.values.isEmpty { report(enumeration.location, "the enumeration '\(enumeration.name)' has no values") }
    for value in enumeration.values {
      checkVersion(value.since, value.location)
      guard let alias = value.alias else { continue }
      guard let target = enumerators[alias] else {
        report(value.location, "'\(value.name)' stands for the unknown '\(alias)'")
        continue
      }
      if target != value.value { report(value.location, "'\(value.name)' is \(value.value), but '\(alias)' is \(target)") }
    }
  }

  private mutating func check(_ handle: HandleType) {
    checkVersion(handle.since, handle.location)
    if enumerators[handle.invalid] == nil { report(handle.location, "unknown error code '\(handle.invalid)'") }
    if let domain = handle.errorDomain, enumerators[domain] == nil { report(handle.location, "unknown error domain '\(domain)'") }
    if handle.parent != "none" && !classes.contains(handle.parent) {
      report(handle.location, "the class '\(handle.classID)' belongs to the unknown class '\(handle.parent)'")
    }
  }

  private mutating func check(_ field: StructField, of type: StructType) {
    if let counter = field.countedBy, !type.fields.contains(where: { $0.name == counter }) {
      report(field.location, "'\(type.name).\(field.name)' is counted by the unknown field '\(counter)'")
    }
    if let fieldType = field.type, !callbacks.contains(fieldType.base), field.ownership == nil,
      fieldType.pointers > 0 || fieldType.base.hasSuffix("Ptr")
    {
      report(field.location, "'\(type.name).\(field.name)' is a pointer without ownership")
    }
    for member in field.members { check(member, of: type) }
  }

  /// Whether a version is one, and not newer than the release.
  mutating func checkVersion(_ text: String, _ location: SourceLocation) {
    guard let version = Version(text) else {
      report(location, "'\(text)' is not a version number")
      return
    }
    if description.release < version { report(location, "version \(version) is newer than the release \(description.release)") }
  }
}
