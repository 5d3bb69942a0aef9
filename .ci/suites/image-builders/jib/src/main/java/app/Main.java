package app;

/** Greets whom its argument names. */
public final class Main {

    private Main() {}

    public static void main(String[] arguments) {
        System.out.println("hello from " + arguments[0]);
    }
}
