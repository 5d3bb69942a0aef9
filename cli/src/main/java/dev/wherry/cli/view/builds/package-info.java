/** The display of a build: its progress in every mode, its summary, and the reports of {@code --call}. */
package dev.wherry.cli.view.builds;
