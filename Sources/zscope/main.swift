import Glibc

StandardDescriptors.occupy()
// A limit on the size of files is met as an error that names the file.
signal(SIGXFSZ, SIG_IGN)
exit(
  Invocation.run(
    UnsafeBufferPointer(start: CommandLine.unsafeArgv, count: Int(CommandLine.argc)).dropFirst().compactMap { $0 }))
