"""Type functions, one file a family; `sorix.compiler.ir.infer` looks them up."""
