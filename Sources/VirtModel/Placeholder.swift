import VirtCore
