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

  /// Reads a world from a file; one with a store that the process has open is taken as it is.
  ///
  /// - Parameter admit: Sees the users whom the file lists, when there are some; what it throws ends that.
  static func read(_ path: String, admit: ([User]) throws(VirtError) -> Void) throws(VirtError) -> World {
    let root = try XMLReader.read(try bytes(path), of: path, for: .test)
    var users: [XMLElement] = [], behaviour: Behaviour?, host = Node(), folder: String?
    try naming(path) { () throws(VirtError) in
      try root.expect("node")
      users = root.elements.filter { $0.name == "auth" }.flatMap(\.elements).filter { $0.name == "user" }
      for user in users where user.text.isEmpty { throw user.wrong(.xmlError, "a user of <auth> has a name", .test) }
      behaviour = try Behaviour(root)
      host = try node(root)
      folder = try store(root, beside: path)
    }
    if !users.isEmpty { try admit(users.map { User(name: $0.text, password: $0["password"]) }) }
    guard let folder else {
      let world = try World(host, behaviour: behaviour)
      try fill(world, root, beside: path)
      return world
    }
    return try SharedWorlds.stored.withLock { (worlds) throws(VirtError) -> World in
      try worlds.take({ .folder(folder) }) { () throws(VirtError) in
        let store: FolderStore
        do throws(VirtError) { store = try FolderStore(folder) } catch { throw error.ofDriver }
        return try World.open(host, behaviour, store) { (world) throws(VirtError) in
          try fill(world, root, beside: path)
        }
      }
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
        let object = try included(element.declaring(from: root), beside: path)
        let file = element["file"].map { place($0, beside: path) } ?? path
        try naming(file) { () throws(VirtError) in
          try world.add(try withSnapshots(object, beside: path), as: element.name) { (part) throws(VirtError) in
            try included(part, beside: path)
          }
        }
      }
    }
  }

  /// A domain with those of its snapshots that are in files of their own.
  private static func withSnapshots(_ element: XMLElement, beside path: String) throws(VirtError) -> XMLElement {
    let content = element.content
    let isElsewhere = { (part: XMLElement) in part.localName == "domainsnapshot" && part["file"] != nil }
    guard element.name == "domain", element.elements.contains(where: isElsewhere) else { return element }
    var made: [XMLContent] = []
    for part in content {
      guard case .element(let snapshot) = part, isElsewhere(snapshot) else {
        made.append(part)
        continue
      }
      let whole = try snapshot.blamed { () throws(VirtError) in try included(snapshot, beside: path) }
      made.append(.element(snapshot.with(content: whole.content).setting("file", nil)))
    }
    return element.with(content: made)
  }

  /// Runs the body; its errors name the file that it is about.
  private static func naming<Result>(
    _ file: String, _ body: () throws(VirtError) -> Result
  ) throws(VirtError) -> Result {
    do throws(VirtError) {
      return try body()
    } catch { throw error.naming(file) }
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

extension XMLElement {
  /// Runs the body, which knows nothing of this element; its errors are about it.
  func blamed<Result>(_ body: () throws(VirtError) -> Result) throws(VirtError) -> Result {
    do throws(VirtError) { return try body() } catch { throw wrong(error.code, error.detail, error.domain) }
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

extension VirtError {
  /// The same error about something in a file; itself when it is about none.
  func naming(_ file: String?) -> VirtError {
    file.map { VirtError(code, domain, "", "\($0): \(detail)", details: details) } ?? self
  }
}
