import Testing

@testable import VirtCore

@Suite struct LogTests {
  @Test func patternsMatch() {
    func matches(_ pattern: String, _ text: String) -> Bool {
      globMatches(Array(pattern.utf8)[...], Array(text.utf8)[...])
    }
    #expect(matches("*event*", "util.event.loop"))
    #expect(matches("*e?ent*", "event"))
    #expect(matches("*a*b*c*", "xxaxxbxxcxx"))
    #expect(!matches("*a*b*c*", "xxaxxcxxbxx"))
    #expect(matches("*", ""))
    #expect(!matches("a", ""))
  }

  @Test func filtersAreRead() {
    #expect(LogSettings.Filter("1:event")?.least == .debug)
    #expect(LogSettings.Filter("3:+event")?.pattern == Array("*event*".utf8))
    for entry in ["", "event", "5:event", "1:", ":event", "x:event"] as [Substring] {
      #expect(LogSettings.Filter(entry) == nil)
    }
  }

  @Test func outputsAreRead() {
    #expect(LogOutput("2:stderr")?.least == .info)
    #expect(LogOutput("2:file:/dev/null") != nil)
    for entry in ["stderr", "2:stderr:x", "2:file", "2:file:relative", "9:stderr", "2:file:/does/not/exist", "2:bogus"]
      as [Substring]
    {
      #expect(LogOutput(entry) == nil)
    }
  }

  @Test func firstMatchingFilterCounts() {
    var settings = LogSettings()
    settings.filters = ["4:event.timer", "1:event"].compactMap { LogSettings.Filter($0) }
    #expect(settings.passes(.debug, "event"))
    #expect(!settings.passes(.warning, "event.timer"))
    #expect(settings.passes(.warning, "other"))
    #expect(!settings.passes(.info, "other"))
  }
}
