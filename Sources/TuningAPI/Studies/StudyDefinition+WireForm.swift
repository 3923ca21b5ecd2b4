public import TuningModel

extension StudyDefinition: WireForm {}
