internal import VirtCore
internal import VirtDriverKit

extension TestDriver {
  /// How domains are limited, weighed and placed.
  static var tuningOperations: [Operation<TestDriver>] {
    [
      .domainGetMemoryParameters { $0.memoryParameters }, .domainSetMemoryParameters { $0.setMemoryParameters },
      .domainGetNumaParameters { $0.nodeParameters }, .domainSetNumaParameters { $0.setNodeParameters },
      .domainSetMemoryStatsPeriod { $0.setMemoryPeriod },
      .domainGetBlkioParameters { $0.blockWeights }, .domainSetBlkioParameters { $0.setBlockWeights },
      .domainGetPerfEvents { $0.countedEvents }, .domainSetPerfEvents { $0.countEvents },
      .domainGetBlockIoTune { $0.diskLimits }, .domainSetBlockIoTune { $0.setDiskLimits },
      .domainGetInterfaceParameters { $0.bandwidth }, .domainSetInterfaceParameters { $0.setBandwidth },
      .domainGetSchedulerType { $0.scheduler }, .domainGetSchedulerParameters { $0.shares },
      .domainGetSchedulerParametersFlags { $0.shares }, .domainSetSchedulerParameters { $0.setShares },
      .domainSetSchedulerParametersFlags { $0.setShares },
      .domainPinVcpu { $0.pin }, .domainPinVcpuFlags { $0.pin }, .domainGetVcpuPinInfo { $0.pins },
      .domainPinEmulator { $0.pinEmulator }, .domainGetEmulatorPinInfo { $0.emulatorPin }, .domainGetVcpus { $0.processors },
      .domainGetIOThreadInfo { $0.ioThreads }, .domainAddIOThread { $0.addIOThread },
      .domainDelIOThread { $0.removeIOThread }, .domainPinIOThread { $0.pinIOThread },
      .domainSetIOThreadParams { $0.tuneIOThread },
    ]
  }
}
