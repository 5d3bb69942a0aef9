/**
 * What the user sees: the console, tables and {@code --format}, units and ages, progress of builds and pulls. Knows the
 * messages of the API, but neither commands nor the connection.
 */
package dev.wherry.cli.view;
