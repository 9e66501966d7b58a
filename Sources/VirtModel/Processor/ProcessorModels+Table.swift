/// Processor models and their features: facts about x86 processors, each model as what it has beside another one.
extension ProcessorModels {
  /// The names of features, in the order of the registers that tell them.
  static let featureNames: StaticString = """
    fpu vme de pse tsc msr pae mce cx8 apic sep mtrr pge mca cmov pat pse36 pn clflush ds acpi mmx fxsr sse sse2
    ss ht tm ia64 pbe pni pclmuldq dtes64 monitor ds_cpl vmx smx est tm2 ssse3 cid fma cx16 xtpr pdcm pcid dca
    sse4.1 sse4.2 x2apic movbe popcnt tsc-deadline aes xsave osxsave avx f16c rdrand hypervisor arat fsgsbase
    tsc_adjust sgx bmi1 hle avx2 smep bmi2 erms invpcid rtm cmt mpx avx512f avx512dq rdseed adx smap avx512ifma
    pcommit clflushopt clwb intel-pt avx512pf avx512er avx512cd sha-ni avx512bw avx512vl avx512vbmi umip pku ospke
    waitpkg avx512vbmi2 gfni vaes vpclmulqdq avx512vnni avx512bitalg avx512-vpopcntdq la57 rdpid bus-lock-detect
    cldemote movdiri movdir64b sgxlc pks avx512-4vnniw avx512-4fmaps fsrm avx512-vp2intersect md-clear serialize
    tsx-ldtrk pconfig arch-lbr amx-bf16 avx512-fp16 amx-tile amx-int8 spec-ctrl stibp arch-capabilities
    core-capability ssbd avx-vnni avx512-bf16 xsaveopt xsavec xgetbv1 xsaves xfd mbm_total mbm_local sgx1 sgx2
    sgx-exinfo sgx-debug sgx-mode64 sgx-provisionkey sgx-tokenkey sgx-kss intel-pt-lip syscall nx mmxext fxsr_opt
    pdpe1gb rdtscp lm 3dnowext 3dnow lahf_lm cmp_legacy svm extapic cr8legacy abm sse4a misalignsse 3dnowprefetch
    osvw ibs xop skinit wdt lwp fma4 tce cvt16 nodeid_msr tbm topoext perfctr_core perfctr_nb invtsc clzero
    xsaveerptr wbnoinvd ibpb ibrs amd-stibp amd-ssbd virt-ssbd amd-no-ssb npt lbrv svm-lock nrip-save tsc-scale
    vmcb-clean flushbyasid decodeassists pause-filter pfthreshold avic v-vmsave-vmload vgif svme-addr-chk rdctl-no
    ibrs-all rsba skip-l1dfl-vmentry ssb-no mds-no pschange-mc-no tsx-ctrl taa-no split-lock-detect
    """

  /// One model a line: name (behind `!` when it is not chosen for guests), vendor, the model it extends, and features: more ones,
  /// behind `-` those it does not have, behind `~` those that belonged to it once.
  static let models: StaticString = """
    486 - - fpu pse vme
    pentium - 486 cx8 de mce mmx msr tsc
    pentium2 - pentium cmov fxsr mca mtrr pae pat pge pse36 sep
    pentium3 - pentium2 sse
    pentiumpro - pentium3 apic sse2 -mca -mtrr -pse36 -vme
    coreduo Intel pentium3 apic clflush monitor nx pni sse2 -pse36
    n270 Intel coreduo ssse3
    core2duo Intel n270 lm pse36 syscall
    qemu32 - pentiumpro pni
    kvm32 - coreduo pse36 -monitor -nx -vme
    !cpu64-rhel5 - core2duo -monitor -ssse3 -vme
    !cpu64-rhel6 - cpu64-rhel5 cx16 lahf_lm
    qemu64 - cpu64-rhel5 cx16 svm
    kvm64 - cpu64-rhel5 cx16
    Conroe Intel cpu64-rhel5 lahf_lm ssse3
    Penryn Intel cpu64-rhel6 sse4.1 ssse3
    Nehalem Intel Penryn popcnt sse4.2
    Nehalem-IBRS Intel Nehalem spec-ctrl
    Westmere Intel Nehalem aes
    Westmere-IBRS Intel Nehalem-IBRS aes
    SandyBridge Intel Westmere avx pclmuldq rdtscp tsc-deadline x2apic xsave
    SandyBridge-IBRS Intel SandyBridge spec-ctrl
    IvyBridge Intel SandyBridge erms f16c fsgsbase rdrand smep vme
    IvyBridge-IBRS Intel IvyBridge spec-ctrl
    Haswell-noTSX Intel SandyBridge avx2 bmi1 bmi2 erms fma fsgsbase invpcid movbe pcid smep
    Haswell-noTSX-IBRS Intel Haswell-noTSX spec-ctrl
    Haswell Intel Haswell-noTSX hle rtm
    Haswell-IBRS Intel Haswell spec-ctrl
    Broadwell-noTSX Intel Haswell-noTSX 3dnowprefetch adx rdseed smap
    Broadwell-noTSX-IBRS Intel Broadwell-noTSX spec-ctrl
    Broadwell Intel Broadwell-noTSX hle rtm
    Broadwell-IBRS Intel Broadwell spec-ctrl
    Skylake-Client Intel Broadwell abm arat f16c mpx rdrand vme xgetbv1 xsavec xsaveopt
    Skylake-Client-IBRS Intel Skylake-Client spec-ctrl
    !Skylake-Client-noTSX-IBRS Intel Skylake-Client-IBRS -hle -rtm
    Skylake-Server Intel Skylake-Client avx512bw avx512cd avx512dq avx512f avx512vl clwb pdpe1gb
    Skylake-Server-IBRS Intel Skylake-Server spec-ctrl
    !Skylake-Server-noTSX-IBRS Intel Skylake-Server-IBRS -hle -rtm
    Cascadelake-Server Intel Skylake-Server-IBRS avx512vnni clflushopt ssbd
    !Cascadelake-Server-noTSX Intel Cascadelake-Server -hle -rtm
    Icelake-Client Intel Skylake-Client-IBRS avx512-vpopcntdq avx512bitalg avx512vbmi avx512vbmi2 avx512vnni gfni pku \
    ssbd umip vaes vpclmulqdq wbnoinvd ~intel-pt
    !Icelake-Client-noTSX Intel Icelake-Client -hle -rtm ~intel-pt
    Icelake-Server Intel Icelake-Client avx512bw avx512cd avx512dq avx512f avx512vl clflushopt clwb la57 pdpe1gb \
    ~intel-pt
    !Icelake-Server-noTSX Intel Icelake-Server -hle -rtm ~intel-pt
    Cooperlake Intel Cascadelake-Server arch-capabilities avx512-bf16 ibrs-all mds-no pku pschange-mc-no rdctl-no \
    skip-l1dfl-vmentry stibp taa-no -mpx
    Snowridge Intel IvyBridge-IBRS 3dnowprefetch arat arch-capabilities cldemote clflushopt clwb core-capability gfni \
    movbe movdir64b movdiri pdpe1gb rdseed sha-ni smap split-lock-detect ssbd umip xgetbv1 xsavec xsaveopt -avx -f16c
    athlon AMD pentium3 3dnow 3dnowext apic mmxext sse2 -mca
    phenom AMD cpu64-rhel5 3dnow 3dnowext fxsr_opt mmxext monitor svm
    Opteron_G1 AMD cpu64-rhel5
    Opteron_G2 AMD cpu64-rhel6 rdtscp svm
    Opteron_G3 AMD Opteron_G2 abm misalignsse popcnt sse4a ~monitor
    Opteron_G4 AMD SandyBridge 3dnowprefetch abm fma4 misalignsse pdpe1gb sse4a svm xop -tsc-deadline -x2apic
    Opteron_G5 AMD Opteron_G4 f16c fma tbm
    EPYC AMD Skylake-Client-noTSX-IBRS clflushopt cr8legacy fxsr_opt misalignsse mmxext osvw pdpe1gb sha-ni sse4a svm \
    -erms -invpcid -mpx -pcid -spec-ctrl -tsc-deadline -x2apic ~monitor
    EPYC-IBPB AMD EPYC ibpb ~monitor
    EPYC-Rome AMD EPYC-IBPB amd-stibp clwb clzero npt nrip-save perfctr_core rdpid umip wbnoinvd xsaveerptr
    EPYC-Milan AMD EPYC-Rome amd-ssbd erms fsrm ibrs invpcid pcid pku svme-addr-chk xsaves
    Dhyana Hygon EPYC-IBPB -aes -pclmuldq -sha-ni ~monitor
    """
}
