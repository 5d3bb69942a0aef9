/**
 * The language of Go's {@code text/template} as far as {@code --format} needs it: lexer, parser, nodes, and an evaluator
 * over maps, lists and scalars.
 */
package dev.wherry.cli.view.template;
