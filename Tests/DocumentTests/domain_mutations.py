"""Where a domain's document with one thing wrong is taken otherwise than the reference takes it: what was done, as a pattern, and
with it, where that matters, what we answer and what the reference answers."""

# By the schemas: whether ours takes it, and whether the reference's does.
SCHEMA = {
    "domain/(memory|os|bootloader)(/text\\(\\))? (drop|rename|=)": "what boots a guest, and how much memory it has, may follow from other elements",
    "mirror": "what a copy needs depends on its type and on the job",
    "backingStore": "the end of a chain is empty; all else has a source",
    " double$": "several units came later, or how many there are depends on what stands beside them",
    "/source(/@\\w+)? (drop|rename|=)": "what a source of characters needs depends on its type, two elements above",
    "/source/host": "how many hosts a source has depends on its protocol",
    "/address(/@| )": "parts of an address that readers need are optional, and the other way round",
    "/cookies?( |/)": "at least one cookie is needed",
    "domain/os/": "what boots a guest depends on the text of its type",
    "smartcard/certificate|filesystem/@type|interface/source/@portid|adapter/parentaddr": "how often a part stands, or with what, depends on its type",
    "sysinfo|seclabel|reservations|encryption|commandline|clock/timer|/auth": "what there is depends on two attributes, or on another part",
}
# By the libraries: an error's code and domain, "taken", or "other" where both take it and say different things of the domain.
OTHER = ("other", "other")
DIFFERENCES = {
    ("double$", OTHER): "what is given twice is kept twice",
    ("(drop|rename)$", OTHER): "an element that says nothing any more is kept, and not every default is filled in",
    (" =", OTHER): "a text is kept as it is written",
    "domain/features/.* (rename|=)|domain/features/[\\w-]+ rename": "features that nobody knows are kept, with what they say",
    "domain/features/.*/@state drop": "a feature of a hypervisor says that it is on by being there",
    "/(watchdog|iommu) double$": "several of them came later",
    "/(hostdev|interface|redirfilter|disk|filesystem|panic|devices) double$": "the same device of the host, given twice, is kept twice",
    "domain/(\\w+|\\w+/\\w+|memoryBacking/.*) double$|cpu/numa/.* double|/(cookie|seclabel|inbound|outbound|tag|host) double": "of what is given twice the first one counts",
    "/controller/(model|target) double$|/tpm/backend/source": "of what is given twice the first one counts",
    "/(parallel|console|smartcard|serial)/target/": "targets are those of serial lines, whatever the kind of line",
    "domain/os/(boot|bootmenu|bios|loader|@firmware)|domain/(bootloader|vcpu)/text": "what boots a guest is looked at whatever the type of the guest",
    "/sound/codec|/tpm/backend/(@version|encryption)|/memory/target/label|/memory/source": "parts that only some models have are looked at for all, or for none",
    "/seclabel/": "labels of sources are looked at in all devices; two for one model are not noticed",
    "domain/cputune/(cachetune|memorytune|emulatorsched)": "shares of caches are not held against the processors",
    "max_size|pagesize|tseg|tb-cache|maxpagesize|label/size": "units of sizes that are only kept are not looked at",
    "/controller/@type|/interface/@type|/disk/@device|/hostdev/@type": "what is left out is what it usually is; what stands beside it is not held against that",
    "domain/cpu/|domain/numatune/memory/@placement": "contradictions among caches and cells are not looked for",
    "/reservations/@managed|/reconnect/|/readahead/|/timeout/": "what a protocol does not have is looked at, too",
    "/source/(@channel|@startupPolicy|@namespace|@name|@pool|@volume|@usage|@dev|@path|local|vendor|product|host|address|auth)": "not everything that a source needs beside its type is missed",
    "/source (drop|rename)$": "an empty source of characters says nothing",
    "/address/@": "parts of an address have their limits whatever its type",
    "/ip/@|/portForward/|/vlan/tag|/virtualport/|/bandwidth/|/teaming/|/mtu/": "not everything that an interface needs is missed",
    "/controller/target/@|/acceleration|/audio/|/rate/@bytes|/stats/@period|/wwn/": "an empty text, or one that is no number, of what is only kept",
    "domain/(resource|sysinfo|clock|keywrap|iothreads|memory|perf|blkiotune|genid|idmap|pm|seclabel|defaultiothread)": "what is only kept is not held against other parts of a domain",
    "/lease/": "the reference fails without an error",
}
