internal import VirtCore
internal import VirtDriverKit
internal import VirtEngine
internal import VirtModel
internal import VirtXML

/// Files that describe a world: `<node>` with the host's figures and objects.
enum WorldFile {
  /// Somebody who may open the file's world.
  struct User {
    let name: String
    /// None when the name is enough.
    let password: String?
  }

  /// Reads a world from a file. What `admit` throws for the users whom it lists ends that; it is not called when there are none.
  static func read(_ path: String, admit: ([User]) throws(VirtError) -> Void) throws(VirtError) -> World {
    let root = try XMLReader.read(try bytes(path), of: path, for: .test)
    try root.expect("node")
    let users = root.elements.filter { $0.name == "auth" }.flatMap(\.elements).filter { $0.name == "user" }
    if !users.isEmpty { try admit(users.map { User(name: $0.text, password: $0["password"]) }) }
    let behaviour = try Behaviour(root)
    guard let folder = try store(root, beside: path) else {
      let world = try World(try node(root), behaviour: behaviour)
      try fill(world, root, beside: path)
      return world
    }
    let store: FolderStore
    do throws(VirtError) {
      store = try FolderStore(folder)
    } catch { throw VirtError(error.code, .test, "", error.detail, details: error.details) }
    return try World.open(try node(root), behaviour, store) { (world) throws(VirtError) in
      try fill(world, root, beside: path)
    }
  }

  /// The folder that keeps the world's objects; nil when they are in memory only.
  private static func store(_ root: XMLElement, beside path: String) throws(VirtError) -> String? {
    guard let element = root.first("store") else { return nil }
    guard let folder = element["path"], !folder.isEmpty else {
      throw element.wrong(.xmlError, "'path' is missing", .test)
    }
    return place(folder, beside: path)
  }

  /// Adds the file's objects.
  private static func fill(_ world: World, _ root: XMLElement, beside path: String) throws(VirtError) {
    for kinds in [["domain"], ["network"], ["interface"], ["device", "secret", "filter", "filterbinding"], ["pool"]] {
      for element in root.elements where kinds.contains(element.name) {
        try world.add(try included(element, beside: path), as: element.name) { (part) throws(VirtError) in
          try included(part, beside: path)
        }
      }
    }
  }

  /// The element itself, or what stands in the file that it names.
  private static func included(_ element: XMLElement, beside path: String) throws(VirtError) -> XMLElement {
    guard let file = element["file"] else { return element }
    let place = place(file, beside: path)
    return try XMLReader.read(try bytes(place), of: place, for: .test)
  }

  /// An absolute path, or one beside the file.
  private static func place(_ wanted: String, beside path: String) -> String {
    if wanted.hasPrefix("/") { return wanted }
    return (path.lastIndex(of: "/").map { path[...$0] } ?? "") + wanted
  }

  private static func bytes(_ path: String) throws(VirtError) -> [UInt8] {
    do throws(VirtError) {
      return try File.read(path, "cannot read")
    } catch { throw VirtError(.xmlError, .test, "", error.detail) }
  }

  private static func node(_ root: XMLElement) throws(VirtError) -> Node {
    var node = Node()
    if let processor = root.first("cpu") {
      let places: [(String, any WritableKeyPath<Node, UInt32> & Sendable)] = [
        ("nodes", \.nodes), ("sockets", \.sockets), ("cores", \.cores), ("threads", \.threads), ("mhz", \.frequency),
      ]
      node.processors = 0
      for (name, place) in places {
        guard let text = processor.first(name)?.text else { continue }
        guard let number = UInt32(text) else { throw wrong(processor.first(name), text) }
        node[keyPath: place] = number
      }
      let product = [node.nodes, node.sockets, node.cores, node.threads].reduce(UInt32(1)) {
        $0.multipliedReportingOverflow(by: $1).partialValue
      }
      node.processors = product
      if let text = processor.first("active")?.text {
        guard let number = UInt32(text) else { throw wrong(processor.first("active"), text) }
        node.processors = number
      }
      if let model = processor.first("model")?.text { node.model = model }
    }
    if let text = root.first("memory")?.text {
      guard let number = UInt64(text) else { throw wrong(root.first("memory"), text) }
      node.memory = number
    }
    return node
  }

  private static func wrong(_ element: XMLElement?, _ text: String) -> VirtError {
    (element ?? XMLElement("node")).wrong(.xmlError, "this is no number: '\(text)'", .test)
  }
}

extension XMLReader {
  /// Reads a document that a file holds; errors name the file.
  static func read(_ bytes: [UInt8], of path: String, for domain: ErrorDomain) throws(VirtError) -> XMLElement {
    do throws(VirtError) {
      let outcome = bytes.withUnsafeBufferPointer { bytes -> Result<XMLElement, VirtError> in
        do throws(VirtError) { return .success(try read(bytes, for: domain)) } catch { return .failure(error) }
      }
      return try outcome.get()
    } catch { throw VirtError(error.code, error.domain, "", "\(path): \(error.detail)") }
  }
}
