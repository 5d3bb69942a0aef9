package dev.wherry.cli.view.template;

import java.util.List;

/**
 * A template in the language of Go's {@code text/template}, which docker's {@code --format} is written in. Read once,
 * applied to any number of values: maps, lists, strings, booleans, numbers and {@code null}.
 *
 * <p>There are pipelines, {@code if}, {@code with}, {@code range}, variables, the functions of Go, and those that docker
 * adds: {@code json}, {@code join}, {@code split}, {@code upper}, {@code lower}, {@code title}, {@code pad},
 * {@code truncate}. There are no named templates.
 */
public final class Template {
    private final List<Node> nodes;

    private Template(List<Node> nodes) {
        this.nodes = nodes;
    }

    /**
     * Reads a template.
     *
     * @throws TemplateException when its syntax is wrong
     */
    public static Template parse(String source) {
        return new Template(TemplateParser.parse(source));
    }

    /** Renders a value as a {@code --format} asks: one line of JSON for "json", else by the template. */
    public static String render(String format, Object value) {
        return format.equals("json") ? JsonValues.compact(value) : parse(format).apply(value);
    }

    /**
     * The text the template makes of a value.
     *
     * @throws TemplateException when it asks for what the value does not have
     */
    public String apply(Object value) {
        return new Evaluator(value).run(nodes);
    }
}
