// SPDX-License-Identifier: Apache-2.0
package headwater.agent;

import java.lang.reflect.Method;
import java.lang.reflect.Proxy;

/**
 * SIGHUP, by which services are told to read their configuration again. The JDK has signals only in {@code sun.misc}, a supported
 * package of jdk.unsupported whose every mention javac warns of; so it is looked up by name.
 */
final class Hangup {
    private Hangup() {
    }

    /** From now on {@code action} is run for each SIGHUP, by a thread of its own, instead of the process's end; false if that cannot be. */
    static boolean handle(Runnable action) {
        try {
            Class<?> signal = Class.forName("sun.misc.Signal");
            Class<?> handler = Class.forName("sun.misc.SignalHandler");
            Method handle = signal.getMethod("handle", signal, handler);
            Object proxy = Proxy.newProxyInstance(Hangup.class.getClassLoader(), new Class<?>[] {handler}, (self, method, arguments) -> {
                if (method.getDeclaringClass() == Object.class) {
                    return switch (method.getName()) {
                        case "hashCode" -> System.identityHashCode(self);
                        case "equals" -> self == arguments[0];
                        default -> "hangup";
                    };
                }
                action.run();
                return null;
            });
            handle.invoke(null, signal.getConstructor(String.class).newInstance("HUP"), proxy);
            return true;
        } catch (ReflectiveOperationException | IllegalArgumentException e) {
            return false;
        }
    }
}
