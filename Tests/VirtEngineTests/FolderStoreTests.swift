import Glibc
import Testing
import VirtCore
import VirtEngine

/// A folder of its own for each test.
private func withFolder(_ body: (String) throws -> Void) throws {
  var template = Array("/tmp/virt-store-XXXXXX".utf8CString)
  let made = try #require(mkdtemp(&template))
  let path = String(cString: made)
  defer {
    for name in files(path) + [".lock"] { unlink("\(path)/\(name)") }
    rmdir(path)
  }
  try body(path)
}

private func files(_ path: String) -> [String] {
  guard let directory = opendir(path) else { return [] }
  defer { closedir(directory) }
  var names: [String] = []
  while let entry = readdir(directory) {
    let name = withUnsafeBytes(of: entry.pointee.d_name) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
    if !name.hasPrefix(".") { names.append(name) }
  }
  return names.sorted()
}

private func contents(_ path: String) throws -> [UInt8] {
  let file = try #require(fopen(path, "r"))
  defer { fclose(file) }
  var bytes = [UInt8](repeating: 0, count: 1 << 16)
  return Array(bytes[..<fread(&bytes, 1, bytes.count, file)])
}

private func put(_ bytes: some Sequence<UInt8>, _ path: String) throws {
  let file = try #require(fopen(path, "w"))
  let bytes = Array(bytes)
  fwrite(bytes, 1, bytes.count, file)
  fclose(file)
}

private func kept(_ store: some ObjectStore) throws -> [StoreKey: [UInt8]] {
  Dictionary(uniqueKeysWithValues: try store.load().objects.map { ($0.key, $0.bytes) })
}

/// The first line of a file, and what it is about.
private func framed(_ body: [UInt8]) -> [UInt8] {
  let sum = body.reduce(0xcbf2_9ce4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01b3 }
  return Array("virt-store 1 \(body.count) \(String(sum, radix: 16))\n".utf8) + body
}

private let names = [
  "one", "", ".", "..", ".hidden", "a/b", "two\nlines", "ünïcode 😀", "%41", "x.new", "y.torn",
  String(repeating: "long", count: 100),
]

@Suite struct FolderStoreTests {
  @Test func keepsWhatItWasGiven() throws {
    try withFolder { path in
      var expected: [StoreKey: [UInt8]] = [:]
      for (number, name) in names.enumerated() {
        expected[StoreKey("domain", name)] = Array(repeating: 10, count: number * 1000)
      }
      expected[StoreKey("network", "one")] = Array("text".utf8)
      let memory = MemoryStore()
      do {
        let store = try FolderStore(path)
        for store in [store, memory] as [any ObjectStore] {
          try store.make(expected.map { StoreChange($0.key, [1, 2, 3]) })
          try store.make(expected.map { StoreChange($0.key, $0.value) } + [StoreChange(StoreKey("domain", "never"), nil)])
        }
        #expect(files(path).count == expected.count)
      }
      let store = try FolderStore(path)
      #expect(try kept(store) == expected && kept(memory) == expected)
      try store.make([StoreChange(StoreKey("domain", "one"), nil)])
      expected[StoreKey("domain", "one")] = nil
      #expect(try kept(store) == expected)
    }
  }

  @Test func isUsedByOneAtATime() throws {
    try withFolder { path in
      do {
        let store = try FolderStore(path)
        let error = #expect(throws: VirtError.self) { try FolderStore(path) }
        #expect(error?.code == .operationInvalid)
        try withExtendedLifetime(store) { try store.make([]) }
      }
      let store = try FolderStore(path)
      store.close()
      let closed = #expect(throws: VirtError.self) { try store.make([StoreChange(StoreKey("domain", "one"), [])]) }
      #expect(closed?.code == .operationInvalid)
      _ = try FolderStore(path)
    }
    let error = #expect(throws: VirtError.self) { try FolderStore("/nowhere/at/all") }
    #expect(error?.code == .systemError)
  }

  @Test func setsAsideWhatIsNotWhole() throws {
    try withFolder { path in
      let store = try FolderStore(path)
      let key = StoreKey("domain", "one"), other = StoreKey("domain", "other")
      try store.make([StoreChange(key, Array("some bytes".utf8)), StoreChange(other, [])])
      let file = "\(path)/domain.one.object"
      let whole = try contents(file)
      func isSetAside(_ bytes: some Sequence<UInt8>) throws -> Bool {
        try put(bytes, file)
        let left = try kept(store)
        let moved =
          try files(path) == ["domain.one.object.torn", "domain.other.object"] && contents(file + ".torn") == Array(bytes)
        return left == [other: []] && moved && unlink(file + ".torn") == 0
      }
      for length in 0..<whole.count { #expect(try isSetAside(whole[..<length])) }
      for place in whole.indices {
        var changed = whole
        changed[place] ^= 1
        #expect(try isSetAside(changed))
      }
      #expect(try isSetAside(whole + [10]))
      #expect(try isSetAside([UInt8](repeating: 0, count: 4096)))
      // A whole file under another's name is not that object, either.
      try put(whole, "\(path)/domain.two.object")
      #expect(try kept(store) == [other: []])
      #expect(files(path) == ["domain.other.object", "domain.two.object.torn"])
      #expect(try store.load().broken == [.init("\(path)/domain.two.object.torn", "was set aside before")])
    }
  }

  /// What is left where it is is given as it was found, or not at all; of files that are too short that is known at once.
  @Test func leavesWhatIsNotAskedFor() throws {
    try withFolder { path in
      let long = String(repeating: "x", count: 5000)
      let content = Array((0..<5000).map { UInt8(truncatingIfNeeded: $0) })
      let expected = [StoreKey("piece", "a/1"): content, StoreKey("piece", long): Array("\n\n".utf8), StoreKey("piece", ""): []]
      for store in [try FolderStore(path), MemoryStore()] as [any ObjectStore] {
        try store.make(expected.map { StoreChange($0.key, $0.value) } + [StoreChange(StoreKey("domain", "one"), [1])])
        let contents = try store.load(leaving: ["piece"])
        #expect(contents.objects.map(\.key) == [StoreKey("domain", "one")])
        #expect(try Dictionary(uniqueKeysWithValues: contents.left.map { ($0.key, try $0.bytes.whole()) }) == expected)
        let piece = try #require(contents.left.first { $0.key.name == "a/1" }?.bytes)
        #expect(try piece.count == 5000 && piece.peek(4990..<5000) == Array(content[4990...]))
      }
      let store = try FolderStore(path)
      let file = "\(path)/piece.a%2f1.object", whole = try contents(file)
      let bytes = try #require(try store.load(leaving: ["piece"]).left.first { $0.key.name == "a/1" }?.bytes)
      func isRefused() throws -> Bool {
        let error = #expect(throws: VirtError.self) { try bytes.whole() }
        return error?.code == .systemError && error?.detail.contains("'\(file)'") == true
      }
      for place in stride(from: 0, to: whole.count, by: 97) {
        var changed = whole
        changed[place] ^= 1
        try put(changed, file)
        #expect(try isRefused())
        try put(whole[..<place], file)
        #expect(try isRefused())
      }
      // A whole file, of other bytes.
      try store.make([StoreChange(StoreKey("piece", "a/1"), [7])])
      #expect(try isRefused())
      unlink(file)
      #expect(try isRefused())
      #expect(throws: VirtError.self) { try bytes.peek(0..<10) }
      try put(whole, file)
      #expect(try bytes.whole() == content)
      // What is too short, too long, no file or another one's is known when the store is opened.
      let line = try #require(whole.firstIndex(of: 10))
      let broken = [
        whole[..<(line - 1)], whole.dropLast(), (whole + [1])[...],
        Array("virt-store 1 9223372036854775807 0\npiece a%2f1\n".utf8)[...],
        Array("virt-store 1 -5 0\npiece a%2f1\n".utf8)[...], framed(Array("piece b\n".utf8))[...], framed(Array("piece".utf8))[...],
      ]
      for bytes in broken {
        try put(bytes, file)
        let contents = try store.load(leaving: ["piece"])
        #expect(contents.left.count == 2 && contents.broken.map(\.place) == [file + ".torn"], "\(bytes.prefix(60))")
        unlink(file + ".torn")
      }
    }
  }

  @Test func removesWhatWasNotFinished() throws {
    try withFolder { path in
      let store = try FolderStore(path)
      let key = StoreKey("domain", "one")
      try store.make([StoreChange(key, [1])])
      try put([2], "\(path)/domain.one.object.new")
      try put([2], "\(path)/domain.two.object.new")
      #expect(try kept(store) == [key: [1]] && files(path) == ["domain.one.object"])
    }
  }

  @Test func saysWhatIsWrongWithAFile() throws {
    try withFolder { path in
      let store = try FolderStore(path)
      try store.make([StoreChange(StoreKey("domain", "one"), [1])])
      let file = "\(path)/domain.one.object"
      let whole = try contents(file)
      func reason(_ bytes: [UInt8]) throws -> String? {
        try put(bytes, file)
        defer { unlink(file + ".torn") }
        return try store.load().broken.first?.reason
      }
      let text = String(decoding: whole, as: UTF8.self)
      #expect(text.hasPrefix("virt-store 1 "))
      let newer = try reason(Array("virt-store 27 \(text.dropFirst(13))".utf8))
      #expect(newer == "is of format 27, newer than 1, which is understood")
      // Whatever else a newer release writes into the line.
      #expect(try reason(Array("virt-store 2 zstd\n".utf8))?.hasPrefix("is of format 2") == true)
      #expect(try reason(whole.dropLast())?.hasPrefix("is broken") == true)
      #expect(try reason(Array("virt-store 0 \(text.dropFirst(13))".utf8))?.hasPrefix("is broken") == true)
    }
  }

  @Test func keepsTheOldWhenTheNewCannotBeWritten() throws {
    try withFolder { path in
      let store = try FolderStore(path)
      let key = StoreKey("domain", "one"), other = StoreKey("domain", "other"), third = StoreKey("domain", "third")
      try store.make([StoreChange(key, [1]), StoreChange(third, [3])])
      // Something that cannot be written is in the way, of the second change and of the third.
      for (number, change) in [
        (2, [StoreChange(key, [2])]), (3, [StoreChange(other, [2]), StoreChange(third, nil), StoreChange(key, [2])]),
      ] {
        let place = "\(path)/domain.one.object.\(number).new"
        mkdir(place, S_IRWXU)
        let error = #expect(throws: VirtError.self) { try store.make(change) }
        #expect(error?.code == .systemError && error?.details?.integers.0 == EISDIR)
        #expect(error?.detail.contains("'\(path)/domain.one.object'") == true)
        rmdir(place)
        #expect(files(path) == ["domain.one.object", "domain.third.object"])
        #expect(try kept(store) == [key: [1], third: [3]])
      }
      // Nor is anything changed when the bytes cannot be made.
      let refusal = VirtError(.xmlError, .none, "no")
      let error = #expect(throws: VirtError.self) {
        try store.make([StoreChange(key, [2]), StoreChange(other) { () throws(VirtError) in throw refusal }])
      }
      #expect(error?.code == .xmlError && files(path) == ["domain.one.object", "domain.third.object"])
      try store.make([StoreChange(key, [2])])
      #expect(try kept(store) == [key: [2], third: [3]])
    }
  }

  @Test func saysThatItsFolderIsGone() throws {
    try withFolder { path in
      let store = try FolderStore("\(path)/store")
      let key = StoreKey("domain", "one"), other = StoreKey("domain", "other")
      try store.make([StoreChange(key, [1])])
      unlink("\(path)/store/domain.one.object")
      unlink("\(path)/store/.lock")
      rmdir("\(path)/store")
      for changes in [[StoreChange(key, [2])], [StoreChange(key, [2]), StoreChange(other, [2])]] {
        let error = #expect(throws: VirtError.self) { try store.make(changes) }
        #expect(error?.code == .systemError && error?.details?.integers.0 == ENOENT)
        #expect(error?.detail == "cannot write '\(path)/store/domain.one.object': No such file or directory")
      }
    }
  }

  /// Whatever a process left behind that ended in the middle of changes: they count from the list on.
  @Test func bringsListedChangesToTheirEnd() throws {
    let key = StoreKey("domain", "one"), other = StoreKey("domain", "other"), third = StoreKey("domain", "third")
    try withFolder { path in
      // What the files are like is learnt from a store that has them.
      var wholes: [[UInt8]] = []
      for value: UInt8 in [1, 2] {
        let store = try FolderStore(path)
        try store.make([StoreChange(key, [value]), StoreChange(other, [value]), StoreChange(third, [value])])
        wholes.append(try contents("\(path)/domain.one.object"))
        wholes.append(try contents("\(path)/domain.other.object"))
      }
      let list = Array("changes 7\n+domain.one.object\n+domain.other.object\n-domain.third.object\n".utf8)
      func begin() throws {
        let store = try FolderStore(path)
        try store.make([StoreChange(key, [1]), StoreChange(other, [1]), StoreChange(third, [1])])
        try put(wholes[2], "\(path)/domain.one.object.7.new")
        try put(wholes[3], "\(path)/domain.other.object.7.new")
      }
      let old = [key: [UInt8(1)], other: [1], third: [1]], new = [key: [UInt8(2)], other: [2]]
      func found() throws -> [StoreKey: [UInt8]] {
        let found = try kept(try FolderStore(path))
        #expect(files(path).allSatisfy { $0.hasSuffix(".object") && $0 != "changes.object" })
        return found
      }
      try begin()
      #expect(try found() == old)
      for done in 0...3 {
        try begin()
        try put(framed(list), "\(path)/changes.object")
        if done > 0 { rename("\(path)/domain.one.object.7.new", "\(path)/domain.one.object") }
        if done > 1 { rename("\(path)/domain.other.object.7.new", "\(path)/domain.other.object") }
        if done > 2 { unlink("\(path)/domain.third.object") }
        #expect(try found() == new)
      }
      // A list that is not whole, or leads elsewhere, says nothing.
      for broken in [
        framed(list).dropLast(), framed(Array("changes 7\n+../one.object\n".utf8))[...],
        framed(Array("changes 7\n*a.object\n".utf8))[...],
      ] {
        try begin()
        try put(broken, "\(path)/changes.object")
        let contents = try FolderStore(path).load()
        #expect(contents.broken.map(\.place) == ["\(path)/changes.object.torn"])
        #expect(Dictionary(uniqueKeysWithValues: contents.objects.map { ($0.key, $0.bytes) }) == old)
        unlink("\(path)/changes.object.torn")
      }
    }
  }

  @Test func saysWhyAReadOnlyFolderCannotBeUsed() throws {
    // The system's own folder: nobody writes there, root neither.
    let error = #expect(throws: VirtError.self) { try FolderStore("/proc/self") }
    #expect(error?.code == .systemError && error?.detail.contains("'/proc/self'") == true)
    let file = #expect(throws: VirtError.self) { try FolderStore("/dev/null") }
    #expect(file?.details?.integers.0 == ENOTDIR)
  }

  @Test func passesOverWhatIsNoObject() throws {
    try withFolder { path in
      let store = try FolderStore(path)
      let key = StoreKey("domain", "one")
      try store.make([StoreChange(key, [1])])
      try put([1, 2], "\(path)/notes.txt")
      #expect(mkfifo("\(path)/domain.pipe.object", 0o600) == 0)
      symlink("notes.txt", "\(path)/domain.link.object")
      mkdir("\(path)/domain.folder.object", S_IRWXU)
      #expect(try kept(store) == [key: [1]])
      #expect(
        files(path) == [
          "domain.folder.object.torn", "domain.link.object.torn", "domain.one.object", "domain.pipe.object.torn", "notes.txt",
        ])
      rmdir("\(path)/domain.folder.object.torn")
    }
  }

  @Test func setsAsideWhatNobodyUnderstands() throws {
    try withFolder { path in
      let key = StoreKey("domain", "one")
      for store in [try FolderStore(path), MemoryStore()] as [any ObjectStore] {
        try store.make([StoreChange(key, [1])])
        let place = try store.setAside(key)
        let contents = try store.load()
        #expect(contents.objects.isEmpty && contents.broken.map(\.place) == [place])
      }
    }
  }

  @Test func onlyTheOwnerReads() throws {
    try withFolder { path in
      try FolderStore(path).make([StoreChange(StoreKey("secret", "one"), [1])])
      var status = stat()
      #expect(stat("\(path)/secret.one.object", &status) == 0 && status.st_mode & 0o777 == 0o600)
    }
  }
}
