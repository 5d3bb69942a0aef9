package dev.wherry.cli;

import io.quarkus.runtime.annotations.QuarkusMain;

/** Starts the command line. */
@QuarkusMain
public class Main {

    public static void main(String[] arguments) {
        System.out.println("wherry");
    }
}
