package dev.wherry.cli.view.template;

/** A value that a template gives an argument to, as in {@code {{.Label "team"}}}; JSON leaves it out. */
@FunctionalInterface
public interface Method {
    Object call(String argument);
}
