internal import VirtCore
internal import VirtDriverKit
internal import VirtEngine

extension TestDriver {
  /// What domains use and how they fare.
  static var statisticsOperations: [Operation<TestDriver>] {
    [
      .domainMemoryStats { $0.memoryFigures }, .domainMemoryPeek { $0.peekMemory },
      .domainGetBlockInfo { $0.diskSize }, .domainBlockStats { $0.diskFigures }, .domainBlockStatsFlags { $0.diskParameters },
      .domainBlockPeek { $0.peekDisk }, .domainGetDiskErrors { $0.diskErrors },
      .domainInterfaceStats { $0.interfaceFigures }, .domainGetCPUStats { $0.processorFigures },
      .domainGetControlInfo { $0.controlState }, .domainGetMessages { $0.messages },
      .domainStartDirtyRateCalc { $0.measureChanges },
      .domainGetSecurityLabel { $0.securityLabel }, .domainGetSecurityLabelList { $0.securityLabels },
      .connectGetAllDomainStats { $0.statistics },
    ]
  }

  /// What is known of a domain that runs.
  func running<Result: Sendable>(
    _ domain: Domain, _ body: (inout DomainRecord) throws(VirtError) -> Result
  ) throws(VirtError) -> Result {
    try with(domain) { (record) throws(VirtError) -> Result in
      guard record.isActive else { throw Impact.notRunning(record) }
      return try body(&record)
    }
  }
}
