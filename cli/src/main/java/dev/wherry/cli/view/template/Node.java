package dev.wherry.cli.view.template;

import java.util.List;

/** What a template is made of. */
sealed interface Node {
    /** Text copied as it stands. */
    record Text(String text) implements Node {}

    /** A pipeline whose value is printed, unless it declares a variable. */
    record Action(Pipeline pipeline) implements Node {}

    record If(Pipeline condition, List<Node> then, List<Node> otherwise) implements Node {}

    record With(Pipeline value, List<Node> body, List<Node> otherwise) implements Node {}

    record Range(Pipeline collection, List<Node> body, List<Node> otherwise) implements Node {}

    record Break() implements Node {}

    record Continue() implements Node {}

    /**
     * Commands, each given the value of the one before as its last argument.
     *
     * @param variables names that take the value: none, one, or two in a range
     * @param declares whether the variables are new
     */
    record Pipeline(List<String> variables, boolean declares, List<Command> commands) {}

    /** A function or value, and its arguments. */
    record Command(List<Operand> operands) {}

    /** What a command is made of. */
    sealed interface Operand {
        record Dot() implements Operand {}

        record Nil() implements Operand {}

        record Literal(Object value) implements Operand {}

        record Function(String name) implements Operand {}

        record Variable(String name) implements Operand {}

        record Nested(Pipeline pipeline) implements Operand {}

        /** Fields taken one after the other from a value. */
        record Fields(Operand from, List<String> names) implements Operand {}
    }
}
