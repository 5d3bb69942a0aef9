/**
 * Go's {@code text/template} as far as {@code --format} needs it: lexer, parser, sealed nodes, evaluator over maps, lists
 * and scalars. Uses nothing of the other packages.
 */
package dev.wherry.cli.view.template;
