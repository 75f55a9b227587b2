// Every message a user can see: its code, severity, text and explanation. `{name}` marks what report() fills in.
// Codes never change meaning. 10xx reading, 11xx names and calls, 12xx values and derivatives, 13xx options, 14xx network specs, 20xx output, 30xx verification,
// 40xx projects: configuration and files, 50xx hand-written passes under review.

export type Severity = "error" | "warning" | "note";

export interface CatalogEntry {
  readonly severity: Severity;
  readonly text: string;
  /** Why it matters and what to do, for the error table and `--help`-like output. */
  readonly explanation: string;
}

export const catalog = {
  WG1001: {
    severity: "error",
    text: "{detail}",
    explanation: "The text is not an expression in mathjs syntax. The frame shows where reading stopped.",
  },
  WG1002: {
    severity: "error",
    text: "there is nothing to compile here",
    explanation: "The source holds no expression, only blanks, comments or declarations. `x * y` would do, or `f(x, y) = x * y`.",
  },
  WG1003: {
    severity: "error",
    text: "{character} has no meaning in an expression",
    explanation:
      "Expressions are written with letters, digits, brackets and the operators + - * / ^ % and their like. Signs pasted from a paper (×, ², ≤) have to be typed anew.",
  },
  WG1004: {
    severity: "error",
    text: "there is an invisible character ({code}) here",
    explanation:
      "Characters that cannot be seen make two names look alike, or a line read otherwise than it runs. Delete it; it often comes with pasted text.",
  },
  WG1005: {
    severity: "error",
    text: "this is not a text: it holds a zero byte",
    explanation: "The file is binary, or text in UTF-16. Sources are read as UTF-8.",
  },
  WG1006: {
    severity: "error",
    text: "this '{bracket}' is never closed",
    explanation: "Until its '{wanted}' comes, line ends count as blanks, so all that follows belongs to one expression.",
  },
  WG1007: {
    severity: "error",
    text: "this '{bracket}' {problem}",
    explanation: "Brackets come in pairs, and pairs do not cross.",
  },
  WG1008: {
    severity: "error",
    text: "this expression is nested too deeply",
    explanation:
      "Brackets may nest to any depth, but a thousand signs, powers or cases in a row without brackets are more than the parser takes. Name parts of it on lines of their own.",
  },
  WG1009: {
    severity: "error",
    text: "'=' cannot stand inside an expression",
    explanation: "One line assigns one name: `q = x + y`. Equality is '=='.",
  },
  WG1010: {
    severity: "error",
    text: "what stands left of '=' must be a name, or a function with its parameters",
    explanation: "Write `q = ...` to name a stage or `f(x, y) = ...` to define a function. Equality is '=='.",
  },
  WG1011: {
    severity: "error",
    text: "this declaration cannot be read",
    explanation:
      "Declarations are `param x`, `param x, y`, `param x in [0, 1]`, `param x > 0`, the same with `input` or `const`, and `const a = 2.5`. A shape follows the name: `param W [5, 10]`, `input y [n] integer below 10`.",
  },
  WG1012: {
    severity: "error",
    text: "declarations belong above everything else",
    explanation: "They say what the names below them are, so they stand at the head of the source, each on its own line.",
  },
  WG1013: {
    severity: "error",
    text: "this value is computed and dropped",
    explanation:
      "Only the last line may be a value without a name. Where two lines were meant as one, end the first with its operator or put brackets around the whole.",
  },
  WG1014: {
    severity: "error",
    text: "there is no number between {low} and {high}",
    explanation: "The lower bound of a domain comes first and is the smaller one. A value that never changes is a `const`.",
  },
  WG1020: {
    severity: "error",
    text: "there is no file '{name}'",
    explanation: "A source that ends in .math or has a folder in it is taken for a file. An expression goes in quotes.",
  },
  WG1021: {
    severity: "error",
    text: "cannot read '{name}': {detail}",
    explanation: "The file is there but could not be read.",
  },
  WG1022: {
    severity: "error",
    text: "'{name}' is not a text: {detail}",
    explanation: "Sources are UTF-8 text, with or without a byte order mark.",
  },
  WG1023: {
    severity: "error",
    text: "'{name}' is not a kind of file that is read here",
    explanation: "Expressions are read from *.math files, networks from *.net.yaml, *.net.yml or *.net.json.",
  },
  WG1101: {
    severity: "error",
    text: "there is no function '{name}'",
    explanation: "`gen ops` lists the functions; a function of your own must be defined above its use.",
  },
  WG1102: {
    severity: "error",
    text: "'{name}' has no derivative here",
    explanation: "mathjs knows this function, but on real scalars it has no derivative, or none that wengert knows.",
  },
  WG1103: {
    severity: "error",
    text: "'{name}' takes {wanted}, not {count}",
    explanation: "`gen ops` lists the functions with their parameters.",
  },
  WG1104: {
    severity: "error",
    text: "'{name}' is unknown in '{owner}'",
    explanation:
      "A function sees its parameters, constants, and stages assigned above it. Only an expression without a parameter list takes unknown names for inputs.",
  },
  WG1105: {
    severity: "error",
    text: "{name} is not a function, so it cannot be called",
    explanation: "A name before a bracket is a call, as in mathjs: `x(3)` does not multiply, `x * (3)` does.",
  },
  WG1106: {
    severity: "error",
    text: "'{name}' is a function, and stands here without arguments",
    explanation: "`sin x` would mean sin times x. A function's name can be an input's name only where that is declared.",
  },
  WG1107: {
    severity: "error",
    text: "'{name}' is already the name of {as}",
    explanation: "Each name means one thing in a source, so that a reader never has to ask which.",
  },
  WG1108: {
    severity: "error",
    text: "the parameter '{name}' occurs twice",
    explanation: "Each parameter needs a name of its own.",
  },
  WG1109: {
    severity: "error",
    text: "'{name}' calls itself",
    explanation:
      "Calls are written out at compile time, and a recursion would have no end. Write the steps out, or the closed form.",
  },
  WG1110: {
    severity: "error",
    text: "'{name}' is defined only below",
    explanation: "Sources are read from top to bottom: a function must be defined above its use.",
  },
  WG1111: {
    severity: "error",
    text: "'{name}' {problem}",
    explanation: "Sources are read from top to bottom, and a name never changes its value: `x = x + 1` needs a second name.",
  },
  WG1112: {
    severity: "error",
    text: "'{owner}' depends on '{name}', which is not among its parameters",
    explanation:
      "A function may use stages assigned above it, but all inputs behind them must be its parameters, so that its signature says what it depends on.",
  },
  WG1113: {
    severity: "error",
    text: "'{name}' cannot be a name",
    explanation: "mathjs reads this word as an operator or a value.",
  },
  WG1115: {
    severity: "warning",
    text: "'{name}' is never used",
    explanation: "Nothing that is returned depends on this stage, so no code is made for it.",
  },
  WG1116: {
    severity: "warning",
    text: "the function '{name}' is never called",
    explanation: "It is exported all the same; the result of the last line does not depend on it.",
  },
  WG1117: {
    severity: "warning",
    text: "'{name}' is declared but never used",
    explanation: "Nothing depends on it, so it does not become an input. Often the name is spelled otherwise below.",
  },
  WG1118: {
    severity: "error",
    text: "written out, the calls of functions grow too large here",
    explanation:
      "Each call of a function of yours is replaced by its body. Functions that call functions several times, with other arguments each, double in size at every level.",
  },
  WG1119: {
    severity: "warning",
    text: "'{name}' is an input here, not a constant",
    explanation: "mathjs knows its constants by their spelled-out names: pi, tau, phi.",
  },
  WG1120: {
    severity: "warning",
    text: "'{name}' depends on no input",
    explanation: "A constant has no gradient to compute.",
  },
  WG1201: {
    severity: "error",
    text: "{found}",
    explanation:
      "Lists and matrices hold numbers, or lists of one length: `[a, b, c]`, `[1, 2; 3, 4]`. The shape of an input is declared: `param W [5, 10]`.",
  },
  WG1202: {
    severity: "error",
    text: "a range like 'a:b' stands only in an index",
    explanation: "Ranges take a part of a tensor: `x[2:end]`. A condition is written `c ? a : b`.",
  },
  WG1203: {
    severity: "error",
    text: "there is nothing to index here",
    explanation:
      "A number has no elements. The shape of an input is declared above everything else: `param x [3]`, `input X [n, 10]`.",
  },
  WG1204: {
    severity: "error",
    text: "objects are not real numbers",
    explanation: "Group with round brackets. Several results are a list: `[a, b]`.",
  },
  WG1205: {
    severity: "error",
    text: "texts are not real numbers",
    explanation: "Expressions are over real scalars, without quotes.",
  },
  WG1206: {
    severity: "error",
    text: "complex numbers are not supported",
    explanation:
      "Expressions are over real scalars; `i` is mathjs' imaginary unit unless it is declared. Write real and imaginary part apart.",
  },
  WG1207: {
    severity: "error",
    text: "values have no units here: this is {found}",
    explanation:
      "Expressions are over plain real numbers. Convert to one unit outside, and multiply with '*' by names of your own.",
  },
  WG1208: {
    severity: "error",
    text: "'{name}' makes another kind of value than a double",
    explanation: "All numbers are doubles: the generated code has no big numbers, fractions or texts.",
  },
  WG1209: {
    severity: "error",
    text: "this number is too large",
    explanation: "The largest double is about 1.8e308; what is written here would be Infinity.",
  },
  WG1210: {
    severity: "error",
    text: "'{name}' is not a number to compute with",
    explanation:
      "Gradients at infinity are NaN more often than not. For a large bound write a large number, `1e300`; for an open end declare `param x > 0`.",
  },
  WG1211: {
    severity: "error",
    text: "'{name}' is not a number",
    explanation: "Expressions are over real scalars: every name has a value.",
  },
  WG1212: {
    severity: "error",
    text: "'{operator}' works on bits, which have no derivative",
    explanation: "Logic is written with the words `and`, `or`, `not`, `xor`; a power of two with '^'.",
  },
  WG1213: {
    severity: "error",
    text: "numbers have no properties",
    explanation: "A dot stands only inside a number, `0.5`, or before an operator, `.*`.",
  },
  WG1214: {
    severity: "error",
    text: "the operator '{operator}' has no meaning for real scalars",
    explanation: "It is for matrices or missing values in mathjs, and there is a number here.",
  },
  WG1215: {
    severity: "error",
    text: "{what}",
    explanation: "It must be known when the code is generated: a number, or an expression of numbers and constants.",
  },
  WG1216: {
    severity: "warning",
    text: "the derivative of '{name}' is zero almost everywhere",
    explanation: "No gradient flows through it, so a training step will not move what is inside.",
  },
  WG1217: {
    severity: "error",
    text: "'{name}' returns a list, and a single value is wanted here",
    explanation: "Vector-valued functions can be compiled but not be called by others. Define its components as functions.",
  },
  WG1218: {
    severity: "warning",
    text: "this constant is {value}",
    explanation: "It is no finite number, and gradients that meet it are seldom finite either.",
  },
  WG1221: {
    severity: "error",
    text: "'{expression}': {operands}: {problem}",
    explanation:
      "The shapes do not fit. `*` is the product of matrices and vectors, as in mathjs; `+`, `-`, `.*`, `./` and `.^` act element by element, where axes of size 1 stretch, counted from the last.",
  },
  WG1222: {
    severity: "error",
    text: "{problem}",
    explanation:
      "A declared shape holds whole numbers above 0, constants declared above, and names of sizes that are known only when the code runs: `input X [n, 10]`. A name of a size is nothing else.",
  },
  WG1223: {
    severity: "error",
    text: "'{name}' is the size of no input of '{owner}'",
    explanation: "A name of a size becomes a number when the code runs, by the length of an input that has it in its shape.",
  },
  WG1224: {
    severity: "error",
    text: "'{name}' takes {wanted} for '{param}', and {found}",
    explanation:
      "The parameter's shape is declared. Without a declaration a function takes arguments of any shape that its body can use.",
  },
  WG1225: {
    severity: "error",
    text: "there is no axis {axis}: {operand}",
    explanation: "Axes count from 1: `sum(A, 1)` adds up each column, `sum(A, 2)` each row.",
  },
  WG1226: {
    severity: "error",
    text: "{operand} and takes {wanted}, not {count}",
    explanation: "There is one index for each axis: a whole number, a range `2:end`, or `:` for all.",
  },
  WG1227: {
    severity: "error",
    text: "{problem}",
    explanation:
      "Indices are whole numbers known when the code is generated, ranges, lists of whole numbers, or one input that is declared integer, whose values count from 0.",
  },
  WG1228: {
    severity: "error",
    text: "{problem}; {operand}",
    explanation: "Written indices count from 1, and `end` is the last.",
  },
  WG1229: {
    severity: "error",
    text: "{problem}; {operand}",
    explanation:
      "Shapes must be known when the code is generated, if only as names: `n - 1`. Half of `n`, rounded up, has no such form.",
  },
  WG1230: {
    severity: "error",
    text: "this tensor has {found}",
    explanation: "Tensors have up to 6 axes and a thousand million elements.",
  },
  WG1231: {
    severity: "error",
    text: "this specification cannot be read: {problem}",
    explanation:
      'einsum is told which axes belong together by letters, one for each axis: `einsum("ij,jk->ik", A, B)`. Letters that are not in the result are summed over.',
  },
  WG1232: {
    severity: "error",
    text: "'{name}' is an index into axes of {bounds}, and which is smaller is not known",
    explanation: "Class indices are checked against the smallest axis they index, so all must be numbers, or the same name.",
  },
  WG1234: {
    severity: "error",
    text: "'{name}' takes {wanted}, and {found}",
    explanation: "The argument is of another kind. `gen ops` lists the functions.",
  },
  WG1301: {
    severity: "error",
    text: "'{name}' returns a list, which has no {mode}",
    explanation:
      "A gradient, a Hessian and a Hessian-vector product are of one number. Use --mode jacobian or --mode jvp for lists.",
  },
  WG1302: {
    severity: "error",
    text: "there is no input '{name}' to differentiate by; the inputs are {inputs}",
    explanation: "`--wrt` (or `wrt`) names inputs of the source, as they are called there.",
  },
  WG1303: {
    severity: "error",
    text: "'{name}' is declared const, so there is no derivative by it",
    explanation: "Declare it as `input` or `param` to differentiate by it.",
  },
  WG1304: {
    severity: "error",
    text: "'{name}' takes {statements} lines, more than one function can hold",
    explanation:
      "The staged and tidy styles write one function that a person can read. `--style fast` splits long code into parts.",
  },
  WG1305: {
    severity: "error",
    text: "a network has no {what}",
    explanation:
      "A network spec becomes its loss, gradients, prediction and training step, in the styles staged and tidy. Jacobians, directional derivatives and the fast style are for expressions.",
  },
  WG1306: {
    severity: "error",
    text: "'{name}' lists several values, and its inputs are tensors",
    explanation: "Several values of functions over tensors go into one tensor: concat(a, b) joins them, sum adds them up.",
  },
  WG1307: {
    severity: "error",
    text: "the fast style does not do tensors yet: '{name}' has some",
    explanation: "Functions over tensors are written in the styles staged and tidy, which call kernels that loop.",
  },
  WG1308: {
    severity: "error",
    text: "'{name}' has no arrays to be in single precision",
    explanation:
      "Numbers in JavaScript are double precision; f32 is the kind of arrays in code over tensors. Leave --precision out.",
  },
  WG1309: {
    severity: "error",
    text: "{what} has no gates of its own to tell apart",
    explanation:
      "`gates: each` (--gates each) makes every operation a line by itself. It is for the staged gradient of an expression; leave it out elsewhere.",
  },
  WG1401: {
    severity: "error",
    text: "{detail}",
    explanation: "The text is not YAML 1.2 (JSON is YAML). The frame shows where reading stopped.",
  },
  WG1402: {
    severity: "error",
    text: "there is no network here",
    explanation: "The file is empty, or holds only comments. A spec has at least `input` and `layers`.",
  },
  WG1403: {
    severity: "error",
    text: "a network spec is a mapping, not {found}",
    explanation: "At the top stand keys with values: `input: [batch, 2]`, `layers:` and so on.",
  },
  WG1404: {
    severity: "error",
    text: "a second document starts here",
    explanation: "One file is one network. A line of `---` starts another document in YAML.",
  },
  WG1405: {
    severity: "error",
    text: "the alias '*{name}' {problem}",
    explanation: "An alias `*a` repeats what was marked with the anchor `&a` above it.",
  },
  WG1406: {
    severity: "error",
    text: "tags such as '{tag}' are not read",
    explanation: "A spec is made of mappings, lists, words, numbers, true and false; YAML finds out by itself which is which.",
  },
  WG1407: {
    severity: "error",
    text: "'{name}' is given twice",
    explanation: "Each key may occur once in a mapping; a reader could not tell which of the two counts.",
  },
  WG1408: {
    severity: "error",
    text: "'{key}' cannot be a key",
    explanation: "Keys are plain words. Numbers, lists, and names that every JavaScript object has, are not among them.",
  },
  WG1409: {
    severity: "error",
    text: "this is nested too deeply, or too long, to be a network",
    explanation: "Specs may nest a hundred levels deep and take four million characters. Many equal layers are a `repeat`.",
  },
  WG1410: {
    severity: "error",
    text: "{owner} has no '{name}'",
    explanation: "Keys that mean nothing are refused, so that a misspelt option cannot go unnoticed.",
  },
  WG1411: {
    severity: "error",
    text: "{owner} needs '{name}'",
    explanation: "There is no default for it.",
  },
  WG1412: {
    severity: "error",
    text: "{name} must be {wanted}, not {found}",
    explanation:
      "The value is of another kind than the option takes. Text in quotes is never a number; NaN and infinities are not numbers here.",
  },
  WG1413: {
    severity: "error",
    text: "{problem}",
    explanation: "The value is of the right kind, but out of range, or does not go with another option.",
  },
  WG1414: {
    severity: "error",
    text: "there is no layer '{name}'",
    explanation: "`gen ops` lists the functions that are layers too; README.md lists all layers with their options.",
  },
  WG1415: {
    severity: "error",
    text: "there is no {what} '{name}'",
    explanation:
      "The section names one of a few methods, alone or as a key with options: `optimizer: { adam: { rate: 0.001 } }`.",
  },
  WG1416: {
    severity: "error",
    text: "{problem}",
    explanation:
      "A layer is a name (`relu`), a name with its main option (`dense: 128`) or with all options (`dense: { units: 128 }`), or has a key `layer`. Only name, from, share and transposed stand beside it.",
  },
  WG1420: {
    severity: "error",
    text: "'{name}' cannot be a name",
    explanation:
      "Names become names in TypeScript: they start with a letter, go on with letters, digits and _, and are no words of the language.",
  },
  WG1421: {
    severity: "error",
    text: "'{name}' is already the name of {as}",
    explanation: "Inputs, layers and parameters share one set of names, so that a reader never has to ask which.",
  },
  WG1422: {
    severity: "error",
    text: "there is no layer or input '{name}'",
    explanation: "Layers are referred to by the `name` they were given, inputs by theirs.",
  },
  WG1423: {
    severity: "error",
    text: "'{name}' needs its own result: {path}",
    explanation:
      "The layers form a cycle, and no order of computing them exists. Recurrent layers (rnn, lstm, gru) step through time.",
  },
  WG1424: {
    severity: "error",
    text: "'{name}' stands only below",
    explanation:
      "A layer takes results of layers above it, so that a spec can be read from top to bottom. Move the other layer up.",
  },
  WG1430: {
    severity: "error",
    text: "{layer}: {problem}",
    explanation: "The layer cannot be built on what it is given. Shapes are listed with the layer or input they come from.",
  },
  WG1431: {
    severity: "error",
    text: "loss {loss}: {problem}",
    explanation: "The loss cannot be computed from this output of the network.",
  },
  WG1432: {
    severity: "warning",
    text: "nothing depends on this {layer}",
    explanation: "Neither the output nor the loss needs its result, so no code is made for it.",
  },
  WG1433: {
    severity: "error",
    text: "no shape has a dimension '{name}'",
    explanation: "`dims` gives sizes, for checking, to names that stand in the shapes of inputs.",
  },
  WG1440: {
    severity: "error",
    text: "{section} needs {needed}",
    explanation: "A training step is made where there is an optimizer, and an optimizer makes a loss small.",
  },
  WG1441: {
    severity: "error",
    text: "{what} cannot be with reduction: none",
    explanation:
      "Without a reduction the loss is a tensor. Penalties are added to one number, and training steps follow the gradient of one.",
  },
  WG1442: {
    severity: "error",
    text: "there is nothing to train: the output depends on no parameters",
    explanation: "Layers such as dense and conv2d have parameters; activations and pooling have none.",
  },
  WG1450: {
    severity: "error",
    text: "this network needs about {needed}, most of it here; the limit is {limit}",
    explanation:
      "Parameters and one pass over small batches were added up, eight bytes a number. If it is meant, raise the limit: `limits: { memory: 16e9 }`.",
  },
  WG1451: {
    severity: "error",
    text: "written out, these are {count} layers; at most {most} are built",
    explanation: "Each copy of a repeated block gets parameters and code of its own.",
  },
  WG2001: {
    severity: "note",
    text: "'{from}' is called '{to}' in the output",
    explanation: "The name is a reserved word of TypeScript, belongs to every object, or would collide with another one.",
  },
  WG3001: {
    severity: "error",
    text: "the check of '{name}' failed: {detail}",
    explanation:
      "The emitted code was run and does not agree with central differences of the source, or is NaN where they are finite; nothing was written. If your inputs never come near that point, declare where they lie (`param x in [0, 1]`). Otherwise please report it.",
  },
  WG3002: {
    severity: "warning",
    text: "the check of '{name}' is in doubt: {detail}",
    explanation: "The emitted code and central differences agree only roughly, or too few points could tell.",
  },
  WG3003: {
    severity: "error",
    text: "'{name}' could not be checked: {detail}",
    explanation:
      "No point was found at which the function and its derivative are real and finite. Declare where its inputs lie: `param x in [0, 1]`, `param x > 0`.",
  },
  WG4001: {
    severity: "error",
    text: "the configuration cannot be loaded: {detail}",
    explanation:
      "`wengert.config.ts` is a module that is run; its default export is the configuration. The message is what running it, or reading it, said.",
  },
  WG4002: {
    severity: "error",
    text: "there is no configuration {name}",
    explanation: "`--config` names a file; without it the nearest `wengert.config.ts` of this folder and those above it counts.",
  },
  WG4003: {
    severity: "warning",
    text: "no file matches {glob}",
    explanation:
      "The glob is relative to the configuration's folder; `node_modules` and folders that start with a dot are not searched.",
  },
  WG4004: {
    severity: "error",
    text: "{first} and {second} would both be written to {output}",
    explanation:
      "Each output has one source. Give the entries different `out` folders, or one mode each: the mode is part of the file's name.",
  },
  WG4005: {
    severity: "error",
    text: "{output} lies outside the project, {root}",
    explanation: "Code is written only below the folder of the configuration, links followed; `--force` writes it all the same.",
  },
  WG4006: {
    severity: "error",
    text: "{output} was not written by wengert",
    explanation: "Files without wengert's first line belong to somebody else. Move it away, or overwrite it with `--force`.",
  },
  WG4007: {
    severity: "error",
    text: "{output} is itself an input",
    explanation: "A source is never overwritten.",
  },
  WG4008: {
    severity: "error",
    text: "cannot write {output}: {detail}",
    explanation: "What was there before is as it was: files are replaced whole or not at all.",
  },
  WG4009: {
    severity: "warning",
    text: "{source} is gone; {output} stays as it was",
    explanation: "Nothing renews it any more. Delete it when nobody imports it.",
  },
  WG4010: {
    severity: "warning",
    text: "{source} gets no declarations: what code imports from a JSON file is the JSON",
    explanation: "Networks that code imports itself are written in YAML; or import the module that `gen` writes.",
  },
  WG5001: {
    severity: "error",
    text: "{detail}",
    explanation: "The file is not TypeScript or JavaScript that can be run. The frame shows where reading stopped.",
  },
  WG5002: {
    severity: "error",
    text: "imports are not followed here: {from}",
    explanation:
      "A file under review is run by itself, again and again with small changes. Put the functions it needs into the same file; `import type` may stay.",
  },
  WG5003: {
    severity: "error",
    text: "{what} is not read here",
    explanation:
      "A file under review is plain code: functions, statements and types that can be taken off. Write the passes without this construct.",
  },
  WG5004: {
    severity: "error",
    text: "there is no backward pass here: nothing sets {inputs}",
    explanation:
      "Write a function of the inputs that returns { f, dx, dy }, a pair fForward(x, y) and fBackward(kept, df = 1), or bare statements that set f, dx and dy. `--function` names the one that is meant.",
  },
  WG5005: {
    severity: "error",
    text: "there is no function '{name}' here; there is {known}",
    explanation:
      "`--function` names a function at the top of the file, or what a pair has in common: `f` for fForward and fBackward.",
  },
  WG5006: {
    severity: "error",
    text: "'{name}' takes no {missing}",
    explanation:
      "The function needs every input of the source: as parameters of the same names, as parameters in the same order, or as properties of one object.",
  },
  WG5007: {
    severity: "error",
    text: "'{name}' throws here: {detail}",
    explanation: "The code was run with numbers for its inputs and stopped. What is marked is the statement that was running.",
  },
  WG5008: {
    severity: "error",
    text: "'{name}' does not end: two million steps were taken here",
    explanation: "A loop or a recursion goes on for ever, or for much longer than a pass over a few numbers has reason to.",
  },
  WG5009: {
    severity: "error",
    text: "'{name}' gives other numbers each time",
    explanation:
      "Gradients are checked by running the code with small changes, so the same inputs must give the same numbers: no random values, no clock, nothing kept from call to call.",
  },
  WG5010: {
    severity: "error",
    text: "{source} {problem}, so there is nothing to compare with",
    explanation: "A review compares with the gradient of one number: a function that returns a number, or a network with a loss.",
  },
  WG5011: {
    severity: "error",
    text: "'{name}' gives no value: there is no {value} to compare",
    explanation:
      "The forward pass must hand out what it computes: as the property or variable {value}, or named f, value, loss or L; or as the first element of an array.",
  },
  WG5020: {
    severity: "error",
    text: "{message}",
    explanation:
      "The forward pass computes another function than the source. The backward pass is looked at when the forward pass is right.",
  },
  WG5021: {
    severity: "error",
    text: "{message}",
    explanation:
      "The first line of the backward pass whose effect is wrong. What it should give was measured: by how much the value of your own forward pass changes with the variable. The likely mistake is told where it explains the numbers at every point.",
  },
  WG5022: {
    severity: "error",
    text: "{message}",
    explanation:
      "Each input that the source is differentiated by needs a gradient: dx for x, as a property of the result or as a variable.",
  },
  WG5023: {
    severity: "warning",
    text: "{name} is not the gradient by {input}; the source is not differentiated by it, so this counts for nothing",
    explanation:
      "The source asks for gradients by some of its inputs only, and all of these are right. One more was found, and it is wrong: the value of your own forward pass changes otherwise with this input. Mend it or leave it out; `--wrt` asks for it.",
  },
} as const satisfies Record<string, CatalogEntry>;

export type DiagnosticCode = keyof typeof catalog;
