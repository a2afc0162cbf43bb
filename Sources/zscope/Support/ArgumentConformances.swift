import ArgumentParser
import Datasets

extension DataPart: ExpressibleByArgument {}
