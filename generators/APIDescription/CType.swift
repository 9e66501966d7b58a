/// A C type as the description spells it: a base name, qualifiers and pointers.
public struct CType: Hashable, Sendable {
  /// The spelling with single blanks, such as `const char *` or `char ** const`.
  public let text: String
  /// The base without qualifiers and pointers: `unsigned long long`, `virDomainPtr`.
  public let base: String
  /// Whether what the innermost pointer points to is const.
  public let isConst: Bool
  /// How many stars there are; a `…Ptr` typedef counts as none.
  public let pointers: Int

  /// Parses a spelling.
  public init(_ text: String) {
    let words = text.split(separator: " ")
    var base: [Substring] = []
    var pointers = 0
    var isConst = false
    for word in words {
      if word.allSatisfy({ $0 == "*" }) {
        pointers += word.count
      } else if word == "const" {
        if pointers == 0 { isConst = true }
      } else {
        base.append(word)
      }
    }
    self.text = words.joined(separator: " ")
    self.base = base.joined(separator: " ")
    self.isConst = isConst
    self.pointers = pointers
  }

  /// The type declared with a name: `const char *name`, `char **const name`.
  public func declaring(_ name: String) -> String {
    if text.hasSuffix("*") { return text + name }
    if text.hasSuffix("* const") { return String(text.dropLast(6)) + "const " + name }
    return text + " " + name
  }

  /// A pointer to this type declared with a name.
  public func pointerDeclaring(_ name: String) -> String {
    text.hasSuffix("*") ? text + "*" + name : text + " *" + name
  }

  /// Whether the base is one of C's integer types.
  public var isInteger: Bool { CType.integers.contains(base) }
  /// Whether the base is an unsigned integer type.
  public var isUnsigned: Bool { base.hasPrefix("unsigned") || base == "size_t" }

  private static let integers: Set<String> = [
    "char", "signed char", "unsigned char", "short", "unsigned short", "int", "unsigned int", "long", "unsigned long",
    "long long", "unsigned long long", "long long int", "unsigned long long int", "size_t", "int32_t", "uint32_t",
    "int64_t", "uint64_t",
  ]
}
