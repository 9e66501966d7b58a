/// Paths as storage pools keep them.
package enum StoragePath {
  /// A path without superfluous slashes. Two in front mean something of their own; what has a scheme is left alone.
  package static func clean(_ path: String) -> String {
    let bytes = Array(path.utf8)
    let slash = UInt8(ascii: "/")
    for place in bytes.indices where bytes[place] == UInt8(ascii: ":") && bytes[place...].starts(with: "://".utf8) { return path }
    let leading = bytes.prefix { $0 == slash }.count
    var clean = [UInt8](repeating: slash, count: leading == 2 ? 2 : min(leading, 1))
    let front = clean.count
    for byte in bytes[leading...] where byte != slash || clean.last != slash { clean.append(byte) }
    if clean.count > front, clean.last == slash { clean.removeLast() }
    return String(decoding: clean, as: UTF8.self)
  }
}
