package dev.wherry.cli.view.template;

/** A template that cannot be read, or cannot be applied to a value; the message is fit for the user. */
public final class TemplateException extends RuntimeException {
    TemplateException(String message) {
        super("template: " + message, null, false, false);
    }
}
