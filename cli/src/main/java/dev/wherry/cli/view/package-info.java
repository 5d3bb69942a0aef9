/**
 * The terminal: the console, signals, tables and {@code --format}, units, and displays that are drawn in place. Knows the
 * messages of the API, but neither commands nor the connection.
 */
package dev.wherry.cli.view;
