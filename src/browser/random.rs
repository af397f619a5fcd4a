//! Random numbers.

/// Returns a random number, not fit for secrets.
#[cfg(target_arch = "wasm32")]
#[must_use]
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "between 0 and u32::MAX")]
pub fn number() -> u32 {
    (js_sys::Math::random() * f64::from(u32::MAX)) as u32
}

/// Returns the next number of a fixed sequence of each thread.
#[cfg(not(target_arch = "wasm32"))]
#[must_use]
pub fn number() -> u32 {
    thread_local! {
        static STATE: std::cell::Cell<u32> = const { std::cell::Cell::new(0x9e37_79b9) };
    }
    // Marsaglia's xorshift (2003), of period 2^32 - 1.
    STATE.with(|state| {
        let mut number = state.get();
        number ^= number << 13;
        number ^= number >> 17;
        number ^= number << 5;
        state.set(number);
        number
    })
}

/// Fills bytes with random ones, fit for secrets where the browser has a cryptographic generator.
pub fn fill(bytes: &mut [u8]) {
    let filled = super::window()
        .and_then(|window| window.crypto().ok())
        .and_then(|crypto| crypto.get_random_values_with_u8_array(bytes).ok());
    if filled.is_none() {
        bytes.fill_with(|| number().to_le_bytes()[0]);
    }
}
