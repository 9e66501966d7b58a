import APIDescription
import BindingPlan

/// Names of the API as Swift spells them.
struct SwiftNaming {
  private let classNames: [String: String]
  private let typeNames: [String: String]

  /// Reads the exceptions that the description states.
  init(_ boundary: Boundary) {
    var classNames: [String: String] = [:]
    for number in boundary.numbers("handle-class") {
      classNames[number.name] = number.element["swift"] ?? camelCased(number.name)
    }
    self.classNames = classNames
    typeNames = boundary.swiftNames
  }

  /// The wrapper of a handle class: `StoragePool`.
  func handle(_ type: HandleType) -> String { classNames[type.classID] ?? camelCased(type.classID) }

  /// The type of an enumeration: `DomainState`.
  func enumeration(_ name: String) -> String {
    typeNames[name] ?? (name.hasPrefix("vir") ? String(name.dropFirst(3)) : name)
  }

  /// The names of an enumeration's values: what they have in common is left out.
  func values(of enumeration: Enumeration) -> [(name: String, value: EnumerationValue)] {
    let common = SwiftNaming.wordsInCommon(enumeration)
    return enumeration.values.map { value in
      (value.swiftName ?? SwiftNaming.member(value.name.split(separator: "_").dropFirst(common).map(String.init)), value)
    }
  }

  /// How many words the names of an enumeration's values begin with that all of them have.
  static func wordsInCommon(_ enumeration: Enumeration) -> Int {
    let named = enumeration.values.filter { $0.swiftName == nil && !$0.isSentinel }.map { $0.name.split(separator: "_") }
    guard let first = named.first else { return 0 }
    if named.count == 1 { return first.count - 1 }
    var common = 0
    while named.allSatisfy({ $0.count > common + 1 && $0[common] == first[common] }) { common += 1 }
    return common
  }

  /// `INTERNAL`, `ERROR` as `internalError`.
  static func member(_ words: [String]) -> String {
    guard let first = words.first else { return "" }
    let name = first.lowercased() + words.dropFirst().map { $0.prefix(1) + $0.dropFirst().lowercased() }.joined()
    return escaped(name.first?.isNumber == true ? "_\(name)" : name)
  }

  /// `usage-id` as `usageId`.
  static func label(_ name: String) -> String {
    let words = name.split(separator: "-").map(String.init)
    return escaped((words.first ?? "") + words.dropFirst().map { $0.prefix(1).uppercased() + $0.dropFirst() }.joined())
  }

  /// A name that may be a word of the language.
  static func escaped(_ name: String) -> String { keywords.contains(name) ? "`\(name)`" : name }

  private static let keywords: Set<String> = [
    "as", "any", "break", "case", "catch", "class", "continue", "default", "defer", "do", "else", "enum", "extension",
    "fallthrough", "false", "for", "func", "guard", "if", "import", "in", "init", "inout", "internal", "is", "let",
    "nil", "operator", "private", "protocol", "public", "repeat", "return", "self", "static", "struct", "subscript",
    "super", "switch", "throw", "throws", "true", "try", "typealias", "var", "where", "while",
  ]

  /// The Swift type of a C number.
  static func number(_ base: String) -> String {
    switch base {
    case "int", "int32_t": return "Int32"
    case "unsigned int", "uint32_t": return "UInt32"
    case "long": return "Int"
    case "unsigned long": return "UInt"
    case "long long", "long long int", "int64_t", "ssize_t": return "Int64"
    case "unsigned long long", "unsigned long long int", "uint64_t": return "UInt64"
    case "size_t": return "Int"
    case "short": return "Int16"
    case "unsigned short": return "UInt16"
    case "char": return "CChar"
    case "unsigned char": return "UInt8"
    case "double": return "Double"
    default: return base
    }
  }
}
