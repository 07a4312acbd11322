/**
 * Keys and signatures that were created with OpenSSL 3.0, so that the tests compare the code with an independent implementation.
 * Use the keys only in tests.
 *
 *     openssl genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:2048 -out pkcs8.pem
 *     openssl pkey -in pkcs8.pem -traditional -out pkcs1.pem
 *     openssl pkey -in pkcs8.pem -pubout -out spki.pem
 *     openssl rsa -in pkcs8.pem -RSAPublicKey_out -out pkcs1-public.pem
 *     openssl dgst -sha256 -sign pkcs8.pem -out signature text && openssl base64 -A -in signature
 *
 * Each constant is the base64 text of a PEM file, without its header, footer, and line breaks: `grep -v -- ----- | tr -d '\n'`.
 *
 * @module
 */

/** The key pair that signed the vectors. The private key and the public key are each in 2 formats. */
export const PKCS8 =
  "MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQDcq3vCFZotfA3F0EpOX/d6iKSBwzNi8EKJFTSgJQGOvQd1" +
  "YNJEhDeH93rDO+FjFa4YSW7aK3hHlWvutXc0LpvDOzSrx3ndSaWn/eNyFoeVopjOI9GiHY0jVB/7VRuuKaL4uJ1sTdPwHBDI" +
  "9lOMRYyzF/e5AxrPTGL5R6f6ZVEP3KjKuA+rrY34DwZ1sSGy2M9CmxiKvPkj8W3UBU3KQ0y977lW09x4TwT7ArDc/9zBcSRB" +
  "xK2gUHEWOQvtgQUeVegy62z1hPPgkwJz8YWqogujTRJoLLcHuoXo0ioEEvzOPhTzgesfrwXbHrX5c5Cv+ZP4lMZKEf7aSYd/" +
  "rrbYv++BAgMBAAECggEAV5QPZ/Xe3NJxPOLvuq9Hru/wKjfoewnTvkgWPMCzH41SGnm0udCnoWTM6hMn3oVKNQVf42KBOBfL" +
  "YE/Q4XrmAtPKkap3aSXDgyq2TB847GA9uQJqPqbvzueiUcNzWunXblMG12cECDV7S+bHPdKUhreqb1kWGNO+LCUOO8heJaa2" +
  "/fIaLHBLYreV29UDFlbx3w6w5yQO/vwlt2jn05Os5CucGn5GQ0T7XFkuFJqrsocka6oKVMaceCkCFNo0mxzfXL05HJebrU0p" +
  "JzwVEf4PKoDMHugOfMaDgn3XWobD1SmtYSJ9IUolSmqUbosgnuA6oiHXmX6rxB9jaoOjs8ZoiQKBgQDx879V51udCbrhsaR5" +
  "QaxV4WmQSlKxeRkzIDKwrr45tjXybfUuzV4zqs/2TtRNY3s69u+ccUmm1kJEeUkzpyvb+mhufIDA5XVO39xlyDAPIVFaM7l7" +
  "SCjd+z7JQTCCXkVcGu2Q7pisrd7sT+nV2vM6VG57gYDd2GdE4i2SMMIRIwKBgQDpe2g4BPrWgQyVfIGsuFVvnbLmlSD4/zPB" +
  "pUoMa4D5rYFvw6l2jhIUIT6nST8an++BIec3bFDF0C3z+3MJBcP/VMDnbHhbKw9OtcA9r772QxxPs5eTz0R9Lr0SX37KjhMJ" +
  "A5J/1MXkIDMQJGoay5FZUpxYGMyako4m4WMA9DCxCwKBgAXQjM2ctMfuXu5jnYdIe8LImwfbsWcQePmQkYdLe8jZRyyfVeAd" +
  "EWF+fmb1+AYwGNsO6i1BT7rRtV/95jN2lghAWVgmZ9W67fnKSXqst/L1IwZe7ds3nbvP+O9PQMIxT8tp3kG4ajTkLNJTDVSV" +
  "YXkKZGlVcGpkc/7kzKGRyGgvAoGBAOLAl1bQf0wTyMTlRosX+uGLplOKQZuRPhKzFFc7kObrOunwfIRHNgeWweJ1oHObIF+p" +
  "LYUGDOwQYpCxg+cfUlqHVVFsZvcjupoWqb0/EZbZVoWRRYSnpzxsR/OwCtNtZ885SO4dFpOXMgBbXTDowyCcunpUm2EDNEtO" +
  "WXhzr1ZBAoGAezqSXb1bfshTVvuN/ChDZXgfo8RmqjAR4qL6YsGoXjVVEr4PhmOQwEOHd0vMuAjVd3ni9ks2KbkSs/PhsALG" +
  "NryxS3xBZMkdSUBm/fYPHQnC2pWk/GGVoCWMy3NX8jwXMrV+c5NRR7Su3OgyKjVgMGhaQWafnDSdeYdOjU8L2BE=";

export const PKCS1 =
  "MIIEowIBAAKCAQEA3Kt7whWaLXwNxdBKTl/3eoikgcMzYvBCiRU0oCUBjr0HdWDSRIQ3h/d6wzvhYxWuGElu2it4R5Vr7rV3" +
  "NC6bwzs0q8d53Umlp/3jchaHlaKYziPRoh2NI1Qf+1Ubrimi+LidbE3T8BwQyPZTjEWMsxf3uQMaz0xi+Uen+mVRD9yoyrgP" +
  "q62N+A8GdbEhstjPQpsYirz5I/Ft1AVNykNMve+5VtPceE8E+wKw3P/cwXEkQcStoFBxFjkL7YEFHlXoMuts9YTz4JMCc/GF" +
  "qqILo00SaCy3B7qF6NIqBBL8zj4U84HrH68F2x61+XOQr/mT+JTGShH+2kmHf6622L/vgQIDAQABAoIBAFeUD2f13tzScTzi" +
  "77qvR67v8Co36HsJ075IFjzAsx+NUhp5tLnQp6FkzOoTJ96FSjUFX+NigTgXy2BP0OF65gLTypGqd2klw4MqtkwfOOxgPbkC" +
  "aj6m787nolHDc1rp125TBtdnBAg1e0vmxz3SlIa3qm9ZFhjTviwlDjvIXiWmtv3yGixwS2K3ldvVAxZW8d8OsOckDv78Jbdo" +
  "59OTrOQrnBp+RkNE+1xZLhSaq7KHJGuqClTGnHgpAhTaNJsc31y9ORyXm61NKSc8FRH+DyqAzB7oDnzGg4J911qGw9UprWEi" +
  "fSFKJUpqlG6LIJ7gOqIh15l+q8QfY2qDo7PGaIkCgYEA8fO/VedbnQm64bGkeUGsVeFpkEpSsXkZMyAysK6+ObY18m31Ls1e" +
  "M6rP9k7UTWN7OvbvnHFJptZCRHlJM6cr2/pobnyAwOV1Tt/cZcgwDyFRWjO5e0go3fs+yUEwgl5FXBrtkO6YrK3e7E/p1drz" +
  "OlRue4GA3dhnROItkjDCESMCgYEA6XtoOAT61oEMlXyBrLhVb52y5pUg+P8zwaVKDGuA+a2Bb8Opdo4SFCE+p0k/Gp/vgSHn" +
  "N2xQxdAt8/tzCQXD/1TA52x4WysPTrXAPa++9kMcT7OXk89EfS69El9+yo4TCQOSf9TF5CAzECRqGsuRWVKcWBjMmpKOJuFj" +
  "APQwsQsCgYAF0IzNnLTH7l7uY52HSHvCyJsH27FnEHj5kJGHS3vI2Ucsn1XgHRFhfn5m9fgGMBjbDuotQU+60bVf/eYzdpYI" +
  "QFlYJmfVuu35ykl6rLfy9SMGXu3bN527z/jvT0DCMU/Lad5BuGo05CzSUw1UlWF5CmRpVXBqZHP+5MyhkchoLwKBgQDiwJdW" +
  "0H9ME8jE5UaLF/rhi6ZTikGbkT4SsxRXO5Dm6zrp8HyERzYHlsHidaBzmyBfqS2FBgzsEGKQsYPnH1Jah1VRbGb3I7qaFqm9" +
  "PxGW2VaFkUWEp6c8bEfzsArTbWfPOUjuHRaTlzIAW10w6MMgnLp6VJthAzRLTll4c69WQQKBgHs6kl29W37IU1b7jfwoQ2V4" +
  "H6PEZqowEeKi+mLBqF41VRK+D4ZjkMBDh3dLzLgI1Xd54vZLNim5ErPz4bACxja8sUt8QWTJHUlAZv32Dx0JwtqVpPxhlaAl" +
  "jMtzV/I8FzK1fnOTUUe0rtzoMio1YDBoWkFmn5w0nXmHTo1PC9gR";

export const SPKI =
  "MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEA3Kt7whWaLXwNxdBKTl/3eoikgcMzYvBCiRU0oCUBjr0HdWDSRIQ3" +
  "h/d6wzvhYxWuGElu2it4R5Vr7rV3NC6bwzs0q8d53Umlp/3jchaHlaKYziPRoh2NI1Qf+1Ubrimi+LidbE3T8BwQyPZTjEWM" +
  "sxf3uQMaz0xi+Uen+mVRD9yoyrgPq62N+A8GdbEhstjPQpsYirz5I/Ft1AVNykNMve+5VtPceE8E+wKw3P/cwXEkQcStoFBx" +
  "FjkL7YEFHlXoMuts9YTz4JMCc/GFqqILo00SaCy3B7qF6NIqBBL8zj4U84HrH68F2x61+XOQr/mT+JTGShH+2kmHf6622L/v" +
  "gQIDAQAB";

export const PKCS1_PUBLIC =
  "MIIBCgKCAQEA3Kt7whWaLXwNxdBKTl/3eoikgcMzYvBCiRU0oCUBjr0HdWDSRIQ3h/d6wzvhYxWuGElu2it4R5Vr7rV3NC6b" +
  "wzs0q8d53Umlp/3jchaHlaKYziPRoh2NI1Qf+1Ubrimi+LidbE3T8BwQyPZTjEWMsxf3uQMaz0xi+Uen+mVRD9yoyrgPq62N" +
  "+A8GdbEhstjPQpsYirz5I/Ft1AVNykNMve+5VtPceE8E+wKw3P/cwXEkQcStoFBxFjkL7YEFHlXoMuts9YTz4JMCc/GFqqIL" +
  "o00SaCy3B7qF6NIqBBL8zj4U84HrH68F2x61+XOQr/mT+JTGShH+2kmHf6622L/vgQIDAQAB";

/** A second key pair, created with the same commands. */
export const OTHER_PKCS8 =
  "MIIEvAIBADANBgkqhkiG9w0BAQEFAASCBKYwggSiAgEAAoIBAQD5c8bMUh8ywsK1awB/I8rAXED6Vormn2qbjrD/lTOGfnYr" +
  "YrNNgVbfiHp/4he/ev5XZDFCJ48Lvlr19fGgg8rgwkaHFwWOQjgsjIrDd2wLU6D1CAuby57fm3DspLInf7fJizm0z7yJzWhf" +
  "OSyUlq4cRy6yB+xdyO6RH8vn3oyJKIH2CI+ykcboQT0KGWUjy7KeX/haKh276jM7S4ddb8TfHiiUO3opyov47XaHPLuUIcmo" +
  "NTgEaqFeg5fi2aFs8XBQ0CcWQItgvZwZh8xYNo73CuN5xpeLArsm9Ohmvd+Ch8GhdvTb8F0p+gORxlOG2wTue/rdc1w7KFtl" +
  "vYdTdZLlAgMBAAECggEAbG9sDPhr0GyCKEuduSbNZYYUxt2k3rCQrpM+FLP+ZGoHoz9x8vCU23Gf0oRtT1K/SiznDrtUfsXe" +
  "E4o4YU64+6/n6aRTyW22roLfdS2t/VR6pNk89pnyc4BF+9ByEyJ9OXK4gIVHD14Hj1EytFq1z9wPi9tO38vPDK3WPPJsg9gI" +
  "xqqpN9sGvGVZkVZdpuZ4Oz3QzlSn+iRxf+KTVQ5ci1cWvzmJpLTCDEjuoiPNoKFeIYBwxBBCz1VbWwAyi38IhfOn49oj5T8Q" +
  "zqZqc4MJ2dpZaB8u2m9oVxl9v6FHDHSj+u7nSXx+TmtuZDfSQ22JAaYUgolUYNIBmR4+lFTodwKBgQD9TZFvGXnpAjUN9ajI" +
  "YTv5frVhIYli4zDncYGAQjJBlsoUG9G6oxeUOuMBJoewbJpPWHDjqxIFBpWVQ+kY2fVGTDSt6OaFLn6pj77rUhkCnb6pqXrM" +
  "5VNj7EJi0mYAWvvgcS2rLGJfjyryarOL6oSHhlbk36c4D8tt6u6LLwHgBwKBgQD8G7ZgfSmLzEiiNA7aVIsxZoe6kQ9q6/ND" +
  "lLwTLZMb3Uj3x4vkVwdgUCC1cqhP+G2/jzwm6S1YB8pUTRbhlYS1HRsz8+q2HQMap5bqXG+R5ze3nnsczk8ENhfvgsQoKOkc" +
  "Xst3nDENz9jZnOEE+7/X4av/PNKgIYv3TgzezDMiswKBgHyc2WxPmzLvPAyHCyaw9yFRnYeQSRdV72wc4fmoFzM/LGDiIrZv" +
  "n5zzr1OUkfJQK0XXm4nVUgMY7yPEifsI1upjeRMJXcatTfC639DCzb0Ev5SV5OzB8NlalHorSbTpDbqn0zC/oBGkzBsANR4j" +
  "HFnT1BG6mXgyBQEpL3tXf9OnAoGAR6iI2jw5Ruc17gTmA+Dr/4qpIbqBq16NsrPgEYNuwQjQ6LzrYmfqTNH5uhlxBeoTJ9PK" +
  "wTSeEtuEAxo2WsBpDCHNzaKTIFh2vWjNWKgVfl8+Uw7U54cspoHJo+aDYvbd65Z2NvVKbCab+J7CxuvXx8D5Zn8fTyy53/1r" +
  "YxifoEkCgYBzo8M5BSBhJ8cX3XOQ1S763mYYczdLzxA/iuigv0DNQz4sU0KITdPjd1zf4YuVctGUcoBusWatuS3IROLrQADc" +
  "EBVJgrsrwjf7YLrEm/1t9MWxoeIASHV+Hnfkg0eT6436L6yFHazofLTld6Wkmq4mRo32zJC4E3uOEaxRGbM+rQ==";

export const OTHER_SPKI =
  "MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEA+XPGzFIfMsLCtWsAfyPKwFxA+laK5p9qm46w/5Uzhn52K2KzTYFW" +
  "34h6f+IXv3r+V2QxQiePC75a9fXxoIPK4MJGhxcFjkI4LIyKw3dsC1Og9QgLm8ue35tw7KSyJ3+3yYs5tM+8ic1oXzkslJau" +
  "HEcusgfsXcjukR/L596MiSiB9giPspHG6EE9ChllI8uynl/4Wiodu+ozO0uHXW/E3x4olDt6KcqL+O12hzy7lCHJqDU4BGqh" +
  "XoOX4tmhbPFwUNAnFkCLYL2cGYfMWDaO9wrjecaXiwK7JvToZr3fgofBoXb02/BdKfoDkcZThtsE7nv63XNcOyhbZb2HU3WS" +
  "5QIDAQAB";

/** A key pair created with `rsa_keygen_bits:1024`. */
export const SHORT_PKCS8 =
  "MIICeAIBADANBgkqhkiG9w0BAQEFAASCAmIwggJeAgEAAoGBALU5C1JEvTNSvBGInj/VYjJcTB7pxtzOQWFwiI0DZBoH/jlM" +
  "a4uhlRCM/uQr++eAKNJTCS/VV0YnOfFCw65NBOJGo8klulp2BtWtZ3KN8ACpvf30+OmFylUUanm6ay2dG1lJZWKsTHe9cuxa" +
  "q9ipiCtRH7PB4hVHyExapgDbhNhnAgMBAAECgYEAnzp67xMEpoaoRkOiv/WOLS+ZloPTvgjfu2y0Hip/lru1LMUvrWUQ45Tv" +
  "FK5szFB4Daz14nhyEWq/53LBGnIDug01m8B/soR5RroC/D02t6LkITrcT1k7wfRmxrwzFHy7b/bntgItIflV12hXG67QbWi3" +
  "A5fCwYApVw7ZwK2sh6kCQQDsQYqC3cEgww1AnyS84cFNd9JjyzLkHJ18GnhT06OVAjOJ55TZDy4WCVi35Tr0SzmetKvfRocs" +
  "RYa17v69b5RjAkEAxF4fphZbr/xdiez3jgJnmKYFKQaCgdC8TWTR5LyWShdkidG6GGtQX7UmuQ9kmkGbUvvNEZ613uTF+Lfh" +
  "uU0hLQJAMYy5cSLzK1zdPa1i9h5e/VFhFb77SG5b9ThT/jjH+SuCBa1FQZT2dHa3XbI9ABl61zdLSMOw++8FBsk+MhrhwwJB" +
  "AJ5WuzRkgOgmGZK21mLXA4vuCukqy587nirV6f2EJ7d0p2gOCf3YwoV5/9BnXhqYXlOKoK/dhw9E73F/bG7Lh70CQQDdNuqp" +
  "/wqkt70XSHDO5hLXozZEiGa/uVWWQDML1PI1MeWVp30yES5YoywHEWabdDx8rU8/cZ/CyiqD/XqM58qk";

export const SHORT_SPKI =
  "MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQC1OQtSRL0zUrwRiJ4/1WIyXEwe6cbczkFhcIiNA2QaB/45TGuLoZUQjP7k" +
  "K/vngCjSUwkv1VdGJznxQsOuTQTiRqPJJbpadgbVrWdyjfAAqb399PjphcpVFGp5umstnRtZSWVirEx3vXLsWqvYqYgrUR+z" +
  "weIVR8hMWqYA24TYZwIDAQAB";

/** `openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256`, then the same commands as for RSA. */
export const EC_PKCS8 =
  "MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgxQwQmGWsHz1Wu0USnpAPa8lWgMVRBJ3geOmFcTO4mf+hRANC" +
  "AASR6fxz893bpaylwA1qspu5y2xmIo2TtNxN997Ok+pDhgILOy54uFAu77H+M8TBCO1nUL65ocFTyzOBKQ1RrzIM";

export const EC_SEC1 =
  "MHcCAQEEIMUMEJhlrB89VrtFEp6QD2vJVoDFUQSd4HjphXEzuJn/oAoGCCqGSM49AwEHoUQDQgAEken8c/Pd26WspcANarKb" +
  "uctsZiKNk7TcTffezpPqQ4YCCzsueLhQLu+x/jPEwQjtZ1C+uaHBU8szgSkNUa8yDA==";

export const EC_SPKI =
  "MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEken8c/Pd26WspcANarKbuctsZiKNk7TcTffezpPqQ4YCCzsueLhQLu+x/jPE" +
  "wQjtZ1C+uaHBU8szgSkNUa8yDA==";

/** `openssl genpkey -algorithm ED25519` */
export const ED25519_PKCS8 = "MC4CAQAwBQYDK2VwBCIEIFd0lIZScHEqCBYHnxYcuf5TqvT6f2Waa3F3bkBz/IIJ";

/** `openssl genpkey -algorithm RSA-PSS -pkeyopt rsa_keygen_bits:2048`, then `-pubout`. */
export const PSS_SPKI =
  "MIIBIDALBgkqhkiG9w0BAQoDggEPADCCAQoCggEBANSP/bGqsOm9FE3SE4DXW7UL5rOPuLvBB5qHvLRcquWinyOSswIenZ8t" +
  "sVKK5WDQFXWCvPYeecftExmLnwVVfIRCgY77C9HDKQ61qFvTd9yUigrVcwKSAEcZr5uPe8vpV3ZL3VIdycpTFYVtrGO+CJVU" +
  "FPuXVNIZrbxerIxyv4h8F9KixlFmsw+2t2bLBCV+0z0TCRtUzuQCmWhoKR3YosuZ7nGUtYtNLHBOy9sa5AmPFiQ27iJzdy0H" +
  "0uQTBpWWQWNjBTGyGIEAWrvSfrbCnsLwvst+emvLeoeOkfdShRVZH8xlLhcELMuqSbkKb1avszr7iRZyMnMpQjUM9gBH+s0C" +
  "AwEAAQ==";

/** `openssl pkcs8 -topk8 -in ec.pem -passout pass:throw-away` */
export const ENCRYPTED_PKCS8 =
  "MIHsMFcGCSqGSIb3DQEFDTBKMCkGCSqGSIb3DQEFDDAcBAjylbpsvV+1FQICCAAwDAYIKoZIhvcNAgkFADAdBglghkgBZQME" +
  "ASoEEAU3vv2l/QpM20E1wtpRsf0EgZARa4nrymLDL5Xm0xnYs5AjwdiE4lCz2Z/2U2/K9FR4ZmQu1iNbmikrIKxqEM25kblD" +
  "G9j3XeZPPFbPPg6zOcdpWJ9l3tJwOMWOVuZ4roQgycH1lQBg7hrEp3G/v2ctIlOFSN7zwDyJJem9GrYE7gFl3WW3fS/zjATi" +
  "KlwP//nhMB+KCjPy1bnYxw7nksu/1RI=";

/** `openssl pkey -in ec.pem -traditional -aes128 -passout pass:throw-away` */
export const ENCRYPTED_LEGACY_PEM = `-----BEGIN EC PRIVATE KEY-----
Proc-Type: 4,ENCRYPTED
DEK-Info: AES-128-CBC,FD27C78D492C09B04F9D64A8FB6EE4DC

uo/GxhyrXhWVqEvqN00E9GgswwRNPtuTpfhhE1MxKcfTD4MJIr1x+Ae2zNx+7tr0
bDbGPJE9wUsVtz2JBA8dPu97Nw86aknGQMZ82PkuYiq30h30J6FGaFR7E3cE9h3c
3vhGCAP7x/L3TbmIFDdTPdZNx2L2KRczlbSbXfEmhu4=
-----END EC PRIVATE KEY-----
`;

/** `openssl req -x509 -key pkcs8.pem -subj /CN=throw-away -days 1` */
export const CERTIFICATE =
  "MIIDCzCCAfOgAwIBAgIUMuJJgBinNUJBezFTXDwwNrjKOFMwDQYJKoZIhvcNAQELBQAwFTETMBEGA1UEAwwKdGhyb3ctYXdh" +
  "eTAeFw0yNjExMjMwNzUxMjlaFw0yNjExMjQwNzUxMjlaMBUxEzARBgNVBAMMCnRocm93LWF3YXkwggEiMA0GCSqGSIb3DQEB" +
  "AQUAA4IBDwAwggEKAoIBAQDcq3vCFZotfA3F0EpOX/d6iKSBwzNi8EKJFTSgJQGOvQd1YNJEhDeH93rDO+FjFa4YSW7aK3hH" +
  "lWvutXc0LpvDOzSrx3ndSaWn/eNyFoeVopjOI9GiHY0jVB/7VRuuKaL4uJ1sTdPwHBDI9lOMRYyzF/e5AxrPTGL5R6f6ZVEP" +
  "3KjKuA+rrY34DwZ1sSGy2M9CmxiKvPkj8W3UBU3KQ0y977lW09x4TwT7ArDc/9zBcSRBxK2gUHEWOQvtgQUeVegy62z1hPPg" +
  "kwJz8YWqogujTRJoLLcHuoXo0ioEEvzOPhTzgesfrwXbHrX5c5Cv+ZP4lMZKEf7aSYd/rrbYv++BAgMBAAGjUzBRMB0GA1Ud" +
  "DgQWBBRlinvRsinEEa0T4QcCA2qOe9GjRDAfBgNVHSMEGDAWgBRlinvRsinEEa0T4QcCA2qOe9GjRDAPBgNVHRMBAf8EBTAD" +
  "AQH/MA0GCSqGSIb3DQEBCwUAA4IBAQA9unWU30DUkXXY3E9bTKqs9QNF/+yUARPPjR2jltMOwShlRwUqxRJAHRmOnEl4UAoc" +
  "kkfkXuf9xnaYn0k2ltr8E2m4aAomm0VRLsOURKg3l5NAZQrBQd49cjU+ly7yRMzRSvlhcWSdqTW3i7XRSUbgh2pNNe2eAYFY" +
  "J9EySuHtvFq3asETbccm2UaTvForeAz1/GJkNb9KfDDn0zEIfjX1+6L8PRMz2tcFE1ze7gCUIgtV80L8GQUhZJaLwHq0U4ea" +
  "6Pw+/tqUpiNJFKLWFZ1+ZJo2ugjpg6X1iDhxOCHyG7utyu2vDPBMijR6UM06SbeM3gingX8weGtdJP7Z1p8l";

/** `openssl req -new -key pkcs8.pem -subj /CN=throw-away` */
export const CERTIFICATE_REQUEST =
  "MIICWjCCAUICAQAwFTETMBEGA1UEAwwKdGhyb3ctYXdheTCCASIwDQYJKoZIhvcNAQEBBQADggEPADCCAQoCggEBANyre8IV" +
  "mi18DcXQSk5f93qIpIHDM2LwQokVNKAlAY69B3Vg0kSEN4f3esM74WMVrhhJbtoreEeVa+61dzQum8M7NKvHed1Jpaf943IW" +
  "h5WimM4j0aIdjSNUH/tVG64povi4nWxN0/AcEMj2U4xFjLMX97kDGs9MYvlHp/plUQ/cqMq4D6utjfgPBnWxIbLYz0KbGIq8" +
  "+SPxbdQFTcpDTL3vuVbT3HhPBPsCsNz/3MFxJEHEraBQcRY5C+2BBR5V6DLrbPWE8+CTAnPxhaqiC6NNEmgstwe6hejSKgQS" +
  "/M4+FPOB6x+vBdsetflzkK/5k/iUxkoR/tpJh3+utti/74ECAwEAAaAAMA0GCSqGSIb3DQEBCwUAA4IBAQBZG6jZ9jaFyjpw" +
  "gZHDEat2PegcTtuGFvpzIkXNdosoJ/pFITGhFRnIEYjtoMyLFz7Hfc/kgbvzYRpEqEBaPQVQoJ0QmebdV55fnIP7raJBsJ/L" +
  "Ex+UxggvFy2FdjJqBgGlc+K6H6oAO29RconW48vkI1CzDKDWtevTeYDLHHKPw8NU2FzRBbiT9/ZbRIUZ3XFz6NXTyswhEe+m" +
  "Mj655K8d/bC3U5BtlI34+TatLc6P1JUNlcNp7M5hVgKZwFvXCgg4SrN7X0iWff+8nV+F94yGsHTxmSrrdMN7q0G50sqsosfq" +
  "lGxYEkzqKNbKKiRTKbUWByej7Ptw/hysGQxsnAXc";

/** `openssl pkcs12 -export -inkey short.pem -in short-certificate.pem -passout pass:throw-away` */
export const PKCS12 =
  "MIIGfwIBAzCCBjUGCSqGSIb3DQEHAaCCBiYEggYiMIIGHjCCAuIGCSqGSIb3DQEHBqCCAtMwggLPAgEAMIICyAYJKoZIhvcN" +
  "AQcBMFcGCSqGSIb3DQEFDTBKMCkGCSqGSIb3DQEFDDAcBAgD0oJzVFBXJgICCAAwDAYIKoZIhvcNAgkFADAdBglghkgBZQME" +
  "ASoEEFLtGzRYDaqzH3xbkw1Cj2eAggJg6QW+Qk8nCVlbSUjctQ1MC+k7sKIQuxpfWNx4sw/bq6x7JudSRHx4bnJx4GlFvlGm" +
  "1eypNGLRV8qJ2EdVpKKJ+HjnyYhmVdrdDhv2J3pkN9Y8wkp8PKxBop4yVqf2gGWoaRtRwx7AewFelM9APlFJmjVObE88fkrq" +
  "bbt2Rcsgk0oVSeb7fR9+cqg5T83Z5+l/PpwSxQdWvDVJpt7IxMHG93AB1CVTgeV/WsRVSCmkGlZltWOE4Cp3AaW7/tiYb9xy" +
  "xhtf5iJiqMJSJnHjwT+0OuvpNmqY7lliztn3hPOMIOne3O9AeYh5s8k0+rC0j6mvApwl0naqUfggiOaD9oBEBdm0pPjxHh8W" +
  "nA7riEvI3LG7YdT+FiXLlPWAlE1awYniXS6BG/hWWo+FMZzJ9YPY4Pg7F6Ei7EDBAfq7u2H1S2xDS6LdYL33Tcje7AxE3IAC" +
  "tdcDftoA0udqtxgtM7pFz44wVfjXUlI6xqjgzOCF/oRm+BxYdsYhlFeBWem9KSSqxvubIbJpBytwJSbnjjhQF4KY3+7CqjTS" +
  "iC9BY9ZGk9Wbr4TXl0j+ANcjqWrubQlKVQSa+MQ1he29VihAl0kB66HzcVslR2iCNsbiKm8f2K8RAs/2gmFwgRLBAH9DybRx" +
  "hcfANyQWLAP7oSz6hA0mXe4+pCR+a3RMDDR+gs6Vj8ypQG+8dywayRPr4FwPap8vKB2504hzC01I+7K4GMyt2Fhz5NJ3k00M" +
  "Tbe1L1G9cENWOpfrY/PxltZ3FXW3HPHVTdL61g1H8HUx7V6lADH7u+pLsjycIFLnIHoN/zePLkEwggM0BgkqhkiG9w0BBwGg" +
  "ggMlBIIDITCCAx0wggMZBgsqhkiG9w0BDAoBAqCCAuEwggLdMFcGCSqGSIb3DQEFDTBKMCkGCSqGSIb3DQEFDDAcBAiClK3y" +
  "tGiHFQICCAAwDAYIKoZIhvcNAgkFADAdBglghkgBZQMEASoEEEJhxu02tgccSVg5xwOiwWwEggKA5VRTwjSMHg+ViTVkCgyI" +
  "0z0M87MMZELl4TAGi3Ez06mXH+qgfVpyIZEZ8HU2tzkb6LatuESfo7b9ZtLL5CBVF9uVghlexA+paSjIulYhsHVW6CngTgqL" +
  "m7AQEYDG86PxZzG5oVRlSK68x30ctgw5VSeP4gNTxNy0usKmMCyh++z/aub04v76W3HCBek5lHnG3L0Hh6fcFmr4hLvuQCK4" +
  "G+5KuEvzTxEKHUGCLSY4QPAZW58abyZwSwqUNT3KflGHG8thr1vNMU0JTMg6MiAWgAgWMIxX2ghJ9azb4HF8Gu5cFuWbeGU7" +
  "dP0fcPa18cVDXoEAZS1R4Yle6AiSN4Tpn3ARnm8KZGwu0iAEZsMga5nmzGvtXYCUvhQHRtVDGL9HZQJQGQTZ3mZNbOjHsV5y" +
  "FTjPyP0eeuw4EmVwaQDgRB4DayuWKJg+bTsHSDT30DjAXn570sZRgQhBTRtvBVxu7z/mG6S/F3Sm+gCuwwses+Pf6JRZc5kl" +
  "GioMunTRicX+iwhAiYj0BAzytC7s635jYZaXGxoSSeWMC+hksf54DD4m9TjxU0HZzT7dP2tvqFJZ03SljRsLX3aN16to2+w+" +
  "WNCAU0oaRfUCGV45Juuy9bQe/XZVLLJNS3wJnibhMwS4J3Gy6zjvJMEIHrViVddKyOGK8szDNYYXvLcqd7/xJD3Dt+fGtLpf" +
  "sZNDN1RuhJ5Bi8ijDSBWNScfgMJXYL29MI5+bwHMT5mwrmHASHWNJ+gzP19/x9Wsj/Rp1CZkTil91lmLrKvPwBp0IJHo3dSD" +
  "NjEWlmhzkgvohCgJmORBgRXcBhrLhcq/YbdA4UlHb/eVguU0Evms7c/bRMLdDGJgUDElMCMGCSqGSIb3DQEJFTEWBBRU92qk" +
  "XJ+PjXJ2ZvfoSklPnDrGXTBBMDEwDQYJYIZIAWUDBAIBBQAEIEDJvhL8ose8sVPf1JPDDY+Dhx4yT0JFPeYtMWki/hAgBAhd" +
  "eFV9r8NRNAICCAA=";

/** `ssh-keygen -t rsa -b 2048 -N "" -C throw-away` */
export const OPENSSH =
  "b3BlbnNzaC1rZXktdjEAAAAABG5vbmUAAAAEbm9uZQAAAAAAAAABAAABFwAAAAdzc2gtcnNhAAAAAwEAAQAAAQEAo0h3G7P/" +
  "7h0hRAmygklxMJCBkIkcQvblt1G4RmEtsXwQaVCfDF3+yYvmCYGlFz2aQEPI5F+zt7CqzZZtzRsVuoCxmdjtL5UkIeXpMob4" +
  "Ln5dtSjzorSocudWvcxII+2gR3bVz+rRnWLoexOdx10JvG9RqRwExBzRK1IoBYVow2u5pcLJoVgbefJwl7ASxYZ3OGvj55GU" +
  "qALcqzwvzGxt66EtcH1uqPN4Ep2cyuEKzvhS0hm+mnOFzZ0yZ8xXIZVNpn10ikaDpGMiwQyd0+jKU6JGkiJu8swoS70WLnpY" +
  "kCFcTIQ2V2Uf4SRFF7tjsNGp+jWpIlen9abNBTZzK9pZ0QAAA8A38cDEN/HAxAAAAAdzc2gtcnNhAAABAQCjSHcbs//uHSFE" +
  "CbKCSXEwkIGQiRxC9uW3UbhGYS2xfBBpUJ8MXf7Ji+YJgaUXPZpAQ8jkX7O3sKrNlm3NGxW6gLGZ2O0vlSQh5ekyhvgufl21" +
  "KPOitKhy51a9zEgj7aBHdtXP6tGdYuh7E53HXQm8b1GpHATEHNErUigFhWjDa7mlwsmhWBt58nCXsBLFhnc4a+PnkZSoAtyr" +
  "PC/MbG3roS1wfW6o83gSnZzK4QrO+FLSGb6ac4XNnTJnzFchlU2mfXSKRoOkYyLBDJ3T6MpTokaSIm7yzChLvRYueliQIVxM" +
  "hDZXZR/hJEUXu2Ow0an6NakiV6f1ps0FNnMr2lnRAAAAAwEAAQAAAQAKDYC2ygvaWj0FcjblLlYbjDQL5OMibM67DPsUSzCb" +
  "3iRpBXuLUICqojQ3Ft4mCocECKBWTh2TlDsJ1gZ705xwe3Kjww8kSDF9rEjhkV13iFRm3kb0uBxsWZmVrR1uZ9d/ut1iVAXU" +
  "g6XGSRCEWRIrwatEhvr0o4UNvpzD7UEkUdTzSc7dGwV9h6HhNuZ1DBbOkVFIo4vaXggk1iK7UV7sK5mwBVG0+hgx3/txYf0Q" +
  "IS1/xIyQcVxpeL4R8e9N4vXIvHz1XLD93YLKRYEVQcCGLWY6ab7fzT1BlZDJQaZKGYAREycHFbnJp1raTcY04ZbJBA91kO8M" +
  "2WzHDcMF0GpBAAAAgFRH4rHvMmU260p3Tl1LdN7O/ECqhYmfKJrASgVS3HHDijsVn4++NlH0vTSDmTU9wmnwUKIhFK0yDGIF" +
  "CRnVYeSecZMCUphtf6vIstQGXOnwtGTttBH1/APmARDJV3/ATkpC5335w8O9HicJeyCr+QQp8SZKBylj91VrdO0MIf2SAAAA" +
  "gQDbPSM4QPxwwoOAkgdD6hrCD0+JBE3nIlKN6iUqqKnHkmLuAvfWWV7dbrbzAsEsrIXIivaJCI5Syt10IjIcxubuhbrKfTL1" +
  "Eg86xxe2y19EWdlmy22LZtxedWvWsIt7MleWvSSBH5vxZAUsRWGFB7KEO02vQsQdnrBmShR9s/jjMQAAAIEAvqlq9//KlvER" +
  "Jy7XqRoGIXBCK7vRtDy5Z1MQNglN8KJhSZBOX7SXraL2PjdZ4qXMfdyTVqBPd05WCccOtVtzE+AhZtzKspDuiDWT9wd4FNi5" +
  "zba0LDbKsTD8e7zwmUGZckgFnWT5xCK/j74gk53xt4Ylm7nhPVAq1wiA6Pz8+KEAAAAKdGhyb3ctYXdheQE=";

export const OPENSSH_PUBLIC =
  "ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAABAQCjSHcbs//uHSFECbKCSXEwkIGQiRxC9uW3UbhGYS2xfBBpUJ8MXf7Ji+YJ" +
  "gaUXPZpAQ8jkX7O3sKrNlm3NGxW6gLGZ2O0vlSQh5ekyhvgufl21KPOitKhy51a9zEgj7aBHdtXP6tGdYuh7E53HXQm8b1Gp" +
  "HATEHNErUigFhWjDa7mlwsmhWBt58nCXsBLFhnc4a+PnkZSoAtyrPC/MbG3roS1wfW6o83gSnZzK4QrO+FLSGb6ac4XNnTJn" +
  "zFchlU2mfXSKRoOkYyLBDJ3T6MpTokaSIm7yzChLvRYueliQIVxMhDZXZR/hJEUXu2Ow0an6NakiV6f1ps0FNnMr2lnR" +
  "throw-away";

/** The string to sign of each vector is `POST <path>`, LF, `<clientId>.<time>.<body>`. */
export const VECTORS = [
  {
    name: "a compact body",
    message: {
      path: "/ams/api/v1/vaults/vaultPaymentMethod",
      clientId: "5Y0000000000000000",
      time: "1685599933871",
      body: '{"vaultingRequestId":"request-1","paymentMethodType":"CARD"}',
    },
    signature:
      "z8PHLgcYgKBHj//2zM1VcD/QC4B9KIWkszySffDQR5NiaNKqIoolgSIpXUd5YCku50Pz5gvL+UhYNsinVSOmf6p1FD/dnyYW" +
      "fEqz91d2AfQRXm4QeAv7qUPYjJgZGMapfRL3rnORrJO2IJG4A6cwY/qK/H4k6+PMqccz6IxMPmc5Samr9xrVxQ7IQIP4Lf2i" +
      "jC2aAjqmsz5q9XLevNbkfk6VNNDWVLoNJXh98y60XZdJozZGpU/Q+DtkPV5P4I1wj0b4BGtaRLZhgLyZerIZ3+hmTtfglPbX" +
      "PjopIqSLNzKHCz4BIctFuzvAF6cY81hlODUNXaERjS6NtG73uvK07A==",
  },
  {
    name: "a sandbox path with a query",
    message: {
      path: "/ams/sandbox/api/v1/vaults/inquireVaulting?trace=1",
      clientId: "SANDBOX_5Y0000000000000000",
      time: "1685599933871",
      body: '{"vaultingRequestId":"request-1"}',
    },
    signature:
      "ulQAZ8p4hiCHArHlQfY1WzvCPogUarh7I7zd6stql6xl2hgHrbUaVV8aOl4s40sTpgLDc2cvRIXMdgUs02jkedO7zGSvuZ1P" +
      "U/pgf8QJpP9nFIwcRlFVRCf2jabuChRJ2WtyP2R2zPgyFIxjNVSr5+HY36E9j6NCQp0B7CiPxHLr+PQwu1V18s5cgTo4p827" +
      "aA1WeBpxljrwVNa356eyfxLQTGyR4dPmBWKwa8KqJGHoQwsR4rh0IFz7B9IaSDCkkzwonBW8Hza4qozpvZPxkx15J/7+IB3y" +
      "QyQSyslKaPIYFTsacSMeFgJ1/fp/Y1ieyUmqFp3WONBeh8j2HPFtpA==",
  },
  {
    name: "a body indented by 3 spaces",
    message: {
      path: "/ams/sandbox/api/v1/vaults/vaultPaymentMethod",
      clientId: "SANDBOX_5Y0000000000000000",
      time: "1685599933871",
      body: '{\n   "vaultingRequestId": "request-1",\n   "redirectUrl": "https://shop.example/return"\n}',
    },
    signature:
      "ymFm+HQF1zaDpzzXvkFFz3wekzIhJUazgO40q1lsGs+TYnb14RVuy9G9mwueH5Ok1OBja/N7OPgfr1JGE84gWpTyzWylJScd" +
      "BoyHABw/lMWFXWXJp6l47tXISIeAhaIqB/cCiJZPAQmOO8kmbQ31uOFSFszCw695gokSD7De2fmMyF92fwNcdJiSWR5IOlAh" +
      "olyTuo7NT543H8G6nXrQPuB9zy+cBKpVPme9i5uKGfU+xk7WDdVKZx81hlOwJnyGXY9Grlv7yT3FJoFlimY8+ZBzLIeGcned" +
      "68jThGRqqEt4N4I9g+NRmJJvsDvGh10IcOCz/n27jaYDc59+7idkUQ==",
  },
  {
    name: "a body with non-ASCII characters",
    message: {
      path: "/payNotify",
      clientId: "SANDBOX_5Y0000000000000000",
      time: "2019-07-12T12:08:56+05:30",
      body: '{"name":"Zoë 王小明 🙂","note":"\\u00eb stays"}',
    },
    signature:
      "LfKT8yErDw93xzDBP54H8WmfLd2UVGI7CYa5fvbgehPW3kWdCIKU1oXWxcsR/1Y1kurBdjQeZ+cT9RR6XiDJlmFSrge7P//H" +
      "FfLM32uLZAtUDmmBXzhVYUeC7bVyDoBWxnFc2Da+MTOkwZxq1HaVS08yDPqULXyUg4CHQQswOIwgGvKpIp2KSZuupjCBD5Ff" +
      "MhU7xzgcMIC63VCZeiTs/NySkY0CxXxJrl6+1M0XsDF/JeE0FCis7QGQj8i4iuAbyilhOxf1g/xZPX1JP7xM9H9saDeNahhF" +
      "6b9wydYPbT+ZkRFWqvwFQa2d2YsJO1Ru1ZR+bziRuolxhEgsL4vmHQ==",
  },
  {
    name: "a body with CRLF, a byte order mark, and a line break at the end",
    message: {
      path: "/payNotify",
      clientId: "5Y0000000000000000",
      time: "2019-01-01T01:01:01Z",
      body: '\uFEFF{\r\n  "a": 1\r\n}\r\n',
    },
    signature:
      "sClpL9GnwHM/Is0hdVsAzTStZjKJkOLwfRjLXuz3TEMENMOhAcvs1yzUYqDaOkPMZIJs2CegSNbiOqEcn9Jt6NjUvJ44EDce" +
      "6sLqjb+isHy3Od1ob/nu9LG6nZ1BX2TjMJuzKQqv4lOYKaiNLARVpEyGNKFZ5S0smpbrZEXG4zBGwVqdjaPwK2FaXEsB6MD0" +
      "AvFguB9PePiXZrd3n6oTu0dKsjISBUxCT38zU7LALLzJiag2az7tvSL9tkkk+Eg68cfDdAo8r4SRBec9kY1ZWmO2YWYXmzuk" +
      "HhCW+mClhVRUf8LYxv8VYUo4BjotbYmTjg8BWYj7BbiBzKA0IzE4wA==",
  },
  {
    name: "an empty body",
    message: {
      path: "/payNotify",
      clientId: "5Y0000000000000000",
      time: "2019-01-01T01:01:01Z",
      body: "",
    },
    signature:
      "agle/BkDwXiAxMwNcOcQTbO+1idnIOW4GWJMTL2ldfAbgc1REiLpbGOPhfyBAZRvxRQUbqHEnj7mY6Wc6ZGWvno42BAHJBwV" +
      "5dY3jTgSGwY4VziA+LTcAYlW+KaNaj6+n5Ts5B62tlB8HnpV+RcUtKBuHyjzL89C288Y1PU+ek6u5Sjc78DbXByvdFY7Esc6" +
      "R30bExedjQ8kf4Hhj9atn3pIB+iSmqyB0q/Ch8KF5QhQBRlF3jSdvBr/4jc0zeQ+qtkCmDGqopXFyITYJscZDsOCVqxWz4Jr" +
      "oHhxljIRGCN6vb/PKE65Uiepc9qyzc6YcDEkI0TbOgedxrJLehN4eg==",
  },
] as const;
