import Testing
import VirtCore
import VirtModel
import VirtXML

private func pool(_ kind: String, _ body: String) throws -> StoragePoolDefinition {
  try StoragePoolDefinition.read(try XMLReader.read("<pool type='\(kind)'><name>p</name>\(body)</pool>", for: .storage))
}

@Suite struct StorageTests {
  @Test(arguments: [
    ("", ""), ("/", "/"), ("//", "//"), ("///", "/"), ("a", "a"), ("a//", "a"), ("/a//b/", "/a/b"), ("//a//b/", "//a/b"),
    ("////a", "/a"), ("http://a//", "http://a//"), ("a:/b//c", "a:/b/c"), ("ü//ö", "ü/ö"),
  ])
  func cleansPaths(_ path: String, _ clean: String) {
    #expect(StoragePath.clean(path) == clean)
    #expect(StoragePath.clean(clean) == clean)
  }

  @Test func namesWhatIsTaken() throws {
    let one = try pool("fs", "<source><device path='/dev/a'/></source><target><path>/a</path></target>")
    let other = try pool("logical", "<source><device path='/dev/b'/><device path='/dev/a'/></source>")
    #expect(other.claims.wanted.contains { one.claims.taken.contains($0) })
    let several = try pool(
      "netfs", "<source><host name='a'/><host name='b'/><dir path='/d'/></source><target><path>/a</path></target>")
    #expect(several.claims.taken.isEmpty && several.claims.wanted.count == 1)
    #expect(try pool("rbd", "<source><host name='a'/><name>n</name></source>").claims.wanted.isEmpty)
  }

  @Test func placesVolumes() throws {
    #expect(try pool("dir", "<target><path>/a/</path></target>").place(of: "v") == "/a/v")
    #expect(try pool("dir", "<target><path>/</path></target>").place(of: "v") == "/v")
    #expect(try pool("zfs", "").place(of: "v") == "/dev/zvol/p/v")
    #expect(try pool("rbd", "<source><host name='h'/><name>n</name></source>").place(of: "v") == "n/v")
    #expect(try pool("gluster", "<source><host name='h'/></source>").place(of: "v") == "p/v")
  }

  @Test func writesSizesAnew() throws {
    let pool = try pool("dir", "<target><path>/a</path></target>")
    let first = String(decoding: pool.text(.init(capacity: 10, allocation: 3)), as: UTF8.self)
    #expect(first.contains("<available unit='bytes'>7</available>"))
    let second = String(decoding: pool.text(.init(capacity: 10, allocation: 13)), as: UTF8.self)
    #expect(second.contains("<allocation unit='bytes'>13</allocation>\n  <available unit='bytes'>0</available>"))
  }
}
