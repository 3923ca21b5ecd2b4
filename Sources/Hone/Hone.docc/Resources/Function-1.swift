import Hone

let x = ParameterKey.float("x", -5...10)
let y = ParameterKey.float("y", 0...15)
