package dev.wherry.cli.view.template;

import dev.wherry.cli.view.template.Node.Command;
import dev.wherry.cli.view.template.Node.Operand;
import dev.wherry.cli.view.template.Node.Pipeline;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Applies nodes to one value. */
final class Evaluator {
    /** How a body ended. */
    private enum Flow {
        NEXT,
        BREAK,
        CONTINUE
    }

    /** A variable; the innermost of a name is meant. */
    private static final class Variable {
        final String name;
        Object value;

        Variable(String name, Object value) {
            this.name = name;
            this.value = value;
        }
    }

    /** Stands for a key that a map does not have: printed as {@code <no value>}, false in conditions. */
    static final Object MISSING = new Object() {
        @Override
        public String toString() {
            return "<no value>";
        }
    };

    private final StringBuilder out = new StringBuilder();
    private final Deque<Variable> variables = new ArrayDeque<>();
    private final Object root;

    Evaluator(Object root) {
        this.root = root;
        variables.push(new Variable("", root));
    }

    String run(List<Node> nodes) {
        if (body(nodes, root) != Flow.NEXT) {
            throw new TemplateException("break or continue outside of range");
        }
        return out.toString();
    }

    private Flow body(List<Node> nodes, Object dot) {
        int mark = variables.size();
        Flow flow = Flow.NEXT;
        for (Node node : nodes) {
            flow = run(node, dot);
            if (flow != Flow.NEXT) {
                break;
            }
        }
        forget(mark);
        return flow;
    }

    private void forget(int mark) {
        while (variables.size() > mark) {
            variables.pop();
        }
    }

    private Flow run(Node node, Object dot) {
        return switch (node) {
            case Node.Text(String text) -> {
                out.append(text);
                yield Flow.NEXT;
            }
            case Node.Action(Pipeline pipeline) -> {
                Object value = value(pipeline, dot);
                if (pipeline.variables().isEmpty()) {
                    out.append(value == null ? "<no value>" : Printing.text(value));
                }
                yield Flow.NEXT;
            }
            case Node.If(Pipeline condition, List<Node> then, List<Node> otherwise) -> {
                int mark = variables.size();
                Flow flow = body(Functions.isTrue(value(condition, dot)) ? then : otherwise, dot);
                forget(mark);
                yield flow;
            }
            case Node.With(Pipeline pipeline, List<Node> body, List<Node> otherwise) -> {
                int mark = variables.size();
                Object value = value(pipeline, dot);
                boolean given = Functions.isTrue(value);
                Flow flow = body(given ? body : otherwise, given ? value : dot);
                forget(mark);
                yield flow;
            }
            case Node.Range range -> range(range, dot);
            case Node.Break() -> Flow.BREAK;
            case Node.Continue() -> Flow.CONTINUE;
        };
    }

    private Flow range(Node.Range range, Object dot) {
        Pipeline bare = new Pipeline(List.of(), false, range.collection().commands());
        Map<Object, Object> elements = elements(value(bare, dot));
        if (elements.isEmpty()) {
            return body(range.otherwise(), dot);
        }
        for (Map.Entry<Object, Object> element : elements.entrySet()) {
            int mark = variables.size();
            List<String> names = range.collection().variables();
            if (names.size() == 2) {
                variables.push(new Variable(names.get(0), element.getKey()));
            }
            if (!names.isEmpty()) {
                variables.push(new Variable(names.getLast(), element.getValue()));
            }
            Flow flow = body(range.body(), element.getValue());
            forget(mark);
            if (flow == Flow.BREAK) {
                break;
            }
        }
        return Flow.NEXT;
    }

    /** What a range goes over: maps by sorted key, lists by index, numbers from zero. */
    private static Map<Object, Object> elements(Object value) {
        Map<Object, Object> elements = new TreeMap<>();
        switch (value) {
            case null -> {}
            case Map<?, ?> map -> elements.putAll(map);
            case List<?> list -> {
                for (int i = 0; i < list.size(); i++) {
                    elements.put((long) i, list.get(i));
                }
            }
            case Long number
            when number <= 1_000_000 -> {
                for (long i = 0; i < number; i++) {
                    elements.put(i, i);
                }
            }
            default -> {
                if (value != MISSING) {
                    throw new TemplateException("range can't iterate over " + Printing.text(value));
                }
            }
        }
        return elements;
    }

    private Object value(Pipeline pipeline, Object dot) {
        Object value = null;
        boolean first = true;
        for (Command command : pipeline.commands()) {
            value = value(command, dot, first ? List.of() : java.util.Collections.singletonList(value));
            first = false;
        }
        for (String name : pipeline.variables()) {
            if (pipeline.declares()) {
                variables.push(new Variable(name, value));
            } else {
                variable(name).value = value;
            }
        }
        return value;
    }

    private Object value(Command command, Object dot, List<Object> piped) {
        List<Operand> operands = command.operands();
        if (operands.getFirst() instanceof Operand.Function(String name)) {
            if (name.equals("and") || name.equals("or")) {
                return shortCircuit(name.equals("or"), operands.subList(1, operands.size()), dot, piped);
            }
            List<Object> arguments = new ArrayList<>();
            for (Operand operand : operands.subList(1, operands.size())) {
                arguments.add(value(operand, dot));
            }
            arguments.addAll(piped);
            return Functions.call(name, arguments);
        }
        if (operands.getFirst() instanceof Operand.Fields && operands.size() + piped.size() == 2) {
            if (value(operands.getFirst(), dot) instanceof Method method) {
                Object argument = piped.isEmpty() ? value(operands.getLast(), dot) : piped.getFirst();
                return method.call(Printing.text(argument));
            }
        }
        if (operands.size() > 1 || !piped.isEmpty()) {
            throw new TemplateException("can't give argument to non-function " + described(operands.getFirst()));
        }
        return value(operands.getFirst(), dot);
    }

    /** The first argument that decides, else the last; what comes after it is not looked at. */
    private Object shortCircuit(boolean wanted, List<Operand> operands, Object dot, List<Object> piped) {
        if (operands.isEmpty() && piped.isEmpty()) {
            throw new TemplateException("wrong number of args for " + (wanted ? "or" : "and"));
        }
        Object value = null;
        for (Operand operand : operands) {
            value = value(operand, dot);
            if (Functions.isTrue(value) == wanted) {
                return value;
            }
        }
        return piped.isEmpty() ? value : piped.getFirst();
    }

    private Object value(Operand operand, Object dot) {
        return switch (operand) {
            case Operand.Dot() -> dot;
            case Operand.Nil() -> null;
            case Operand.Literal(Object value) -> value;
            case Operand.Function(String name) -> Functions.call(name, List.of());
            case Operand.Variable(String name) -> variable(name).value;
            case Operand.Nested(Pipeline pipeline) -> value(pipeline, dot);
            case Operand.Fields(Operand from, List<String> names) -> {
                Object value = value(from, dot);
                for (String name : names) {
                    value = field(value, name);
                }
                yield value;
            }
        };
    }

    /**
     * A field of a map. Names with a capital are those of docker's own objects, where an unknown one is a mistake; others
     * are keys somebody chose, such as labels, which may be absent.
     */
    private static Object field(Object value, String name) {
        if (value == MISSING) {
            return MISSING;
        }
        if (value == null) {
            throw new TemplateException("nil pointer evaluating ." + name);
        }
        if (!(value instanceof Map<?, ?> map)) {
            throw new TemplateException("can't evaluate field " + name + " in " + Printing.text(value));
        }
        if (!map.containsKey(name)) {
            if (Character.isUpperCase(name.charAt(0))) {
                throw new TemplateException("map has no entry for key " + Quotes.quoted(name));
            }
            return MISSING;
        }
        return map.get(name);
    }

    private Variable variable(String name) {
        for (Variable variable : variables) {
            if (variable.name.equals(name)) {
                return variable;
            }
        }
        throw new TemplateException("undefined variable " + Quotes.quoted("$" + name));
    }

    private static String described(Operand operand) {
        return switch (operand) {
            case Operand.Dot() -> ".";
            case Operand.Nil() -> "nil";
            case Operand.Literal(Object value) -> Printing.text(value);
            case Operand.Function(String name) -> name;
            case Operand.Variable(String name) -> "$" + name;
            case Operand.Nested _ -> "(…)";
            case Operand.Fields(Operand _, List<String> names) -> "." + String.join(".", names);
        };
    }
}
