/// A value in a configuration file.
public enum ConfigurationValue: Sendable, Equatable {
  /// A number.
  case number(Int64)
  /// A text, without its quotes.
  case text(String)
  /// A list of values.
  case list([ConfigurationValue])
}

/// The settings of one configuration file. Of settings with one name the first counts.
public final class Configuration: Sendable {
  /// Where it was read, for errors.
  public let path: String
  private let settings: [(name: String, value: ConfigurationValue)]

  /// Reads settings from the bytes of a file; `path` is only for errors.
  public init(parsing bytes: UnsafeBufferPointer<UInt8>, path: String) throws(VirtError) {
    self.path = path
    var parser = ConfigurationParser(bytes, path: path)
    settings = try parser.parse()
  }

  /// No settings at all: what a file that is not there amounts to.
  public init(path: String) {
    self.path = path
    settings = []
  }

  /// The value of a setting, nil when it is not given.
  public subscript(name: String) -> ConfigurationValue? {
    settings.first { $0.name == name }?.value
  }

  /// A setting that must be a text.
  public func text(_ name: String) throws(VirtError) -> String? {
    switch self[name] {
    case nil: return nil
    case .text(let text): return text
    default: throw VirtError(.internalError, .conf, "", "\(path): '\(name)' must be a text in quotes")
    }
  }

  /// A setting that must be a number.
  public func number(_ name: String) throws(VirtError) -> Int64? {
    switch self[name] {
    case nil: return nil
    case .number(let number): return number
    default: throw VirtError(.internalError, .conf, "", "\(path): '\(name)' must be a number")
    }
  }

  /// A setting that must be a list of texts.
  public func texts(_ name: String) throws(VirtError) -> [String]? {
    switch self[name] {
    case nil: return nil
    case .list(let values):
      var texts: [String] = []
      for value in values {
        guard case .text(let text) = value else {
          throw VirtError(.confSyntax, .conf, "", "\(path): '\(name)' must be a list of texts in quotes")
        }
        texts.append(text)
      }
      return texts
    default: throw VirtError(.internalError, .conf, "", "\(path): '\(name)' must be a list of texts in quotes")
    }
  }

  /// The URI behind an alias of the setting `uri_aliases` (`name=uri`), nil when there is none. Entries before the one
  /// that is found must be well formed.
  public func uri(ofAlias alias: String) throws(VirtError) -> String? {
    guard let entries = try texts("uri_aliases") else { return nil }
    for entry in entries {
      guard let sign = entry.utf8.firstIndex(of: UInt8(ascii: "=")) else {
        throw VirtError(.confSyntax, .uri, "an entry of 'uri_aliases' is not of the form name=uri:", entry)
      }
      let name = entry[..<sign]
      guard
        name.utf8.allSatisfy({ byte in
          ByteClass.of(byte).overlaps([.letter, .digit]) || byte == UInt8(ascii: "_") || byte == UInt8(ascii: "-")
        })
      else {
        throw VirtError(
          .confSyntax, .uri, "an entry of 'uri_aliases' has a name of other than letters, digits, _ and -:", entry)
      }
      if name == alias { return String(entry[entry.utf8.index(after: sign)...]) }
    }
    return nil
  }
}
