/** Everything that the buyer's pages say, in every language that they speak. A text that one of them lacks does not compile. @module */
import type { CardUse } from "./suggested-cards.ts";

/** The languages, each by the tag that a page carries in `lang`. */
export type Language = "en" | "zh-CN" | "ko" | "pt-BR" | "es" | "ja";

/** How a vaulting ended, as the buyer is told it. */
export type End = "saved" | "cancelled" | "expired" | "tooManyCodes" | "notVerified" | "declined";

/** What has happened, and what to do next. */
export interface Told {
  readonly title: string;
  readonly text: string;
}

export interface Texts {
  readonly lang: Language;
  readonly sandbox: {
    readonly name: string;
    readonly mark: string;
    readonly testCards: string;
    readonly testCode: string;
    readonly anyRest: string;
    /** Before the command that lists all of them. */
    readonly allCards: string;
    readonly uses: Readonly<Record<CardUse, string>>;
    /** Before the code. */
    readonly codeIs: string;
    readonly otherCodes: string;
    /** In its place, for a card whose result is fixed. */
    readonly anyCode: string;
    readonly copy: string;
    readonly copied: string;
  };
  /** Before the title of a page with a mistake on it. */
  readonly errorTitle: string;
  readonly busy: string;
  /** `time` is a duration in words. */
  readonly timeLeft: (time: string) => string;
  readonly lessThanAMinute: string;
  readonly challenge: {
    readonly kind: string;
    readonly title: string;
    readonly why: string;
    readonly ask: string;
    readonly card: string;
    readonly endingIn: (card: string, lastFour: string) => string;
    readonly code: string;
    readonly wrongCode: (triesLeft: number) => string;
    readonly noCode: string;
    readonly confirm: string;
    readonly cancel: string;
    readonly ifCancelled: string;
  };
  readonly cardPage: {
    readonly kind: string;
    readonly title: string;
    readonly why: string;
    readonly save: string;
    readonly cardNo: string;
    readonly expiry: string;
    readonly cvv: string;
    readonly cvvHint: string;
    readonly check: string;
    readonly nothingKept: string;
    readonly faults: {
      readonly cardNo: Readonly<Record<"missing" | "form" | "mistake", string>>;
      readonly expiry: Readonly<Record<"missing" | "form", string>>;
      readonly cvv: Readonly<Record<"missing" | "form", string>>;
    };
  };
  readonly ends: Readonly<Record<End, Told>>;
  readonly backToShop: string;
  readonly closePage: string;
  readonly deadLink: Told;
  readonly notGenuine: Told & { readonly again: string };
}

const en: Texts = {
  lang: "en",
  sandbox: {
    name: "Sandbox",
    mark: "No real card, no real bank",
    testCards: "Test cards",
    testCode: "Test code",
    anyRest: "Any expiry date and any security code will do.",
    allCards: "All test cards:",
    uses: {
      saved: "Is saved.",
      asked: "Asks for the one-time code, then is saved.",
      exempt: "Is saved, and never asks for a code.",
      askedThenDeclined: "Asks for the one-time code, then the bank declines.",
      notVerified: "The identity check fails, whatever is typed.",
      declined: "The bank declines.",
      cardExpired: "The card has expired.",
      lowBalance: "The balance is too low.",
      wrongCvv: "The security code is wrong.",
    },
    codeIs: "No message is sent here. The code is always:",
    otherCodes: "Any other code counts as wrong.",
    anyCode: "With this test card the result is fixed, whatever code is typed.",
    copy: "Copy",
    copied: "Copied",
  },
  errorTitle: "Error: ",
  busy: "One moment, please…",
  timeLeft: (time) => `Time left: ${time}`,
  lessThanAMinute: "less than a minute",
  challenge: {
    kind: "Card verification",
    title: "Confirm it’s you",
    why: "Your bank wants to be sure that it is you who is saving this card. You will not be charged.",
    ask: "Enter the one-time code that your bank sent you.",
    card: "Card",
    endingIn: (card, lastFour) => `${card} ending in ${lastFour}`,
    code: "One-time code",
    wrongCode: (triesLeft) => `That code is not right. Check it and try again. Tries left: ${triesLeft}.`,
    noCode: "Enter the code. This did not count as a try.",
    confirm: "Confirm",
    cancel: "Cancel",
    ifCancelled: "If you cancel, the card is not saved.",
  },
  cardPage: {
    kind: "Card details",
    title: "Save your card",
    why: "The shop you came from can then use it for your payments. Nothing is charged now.",
    save: "Save card",
    cardNo: "Card number",
    expiry: "Expiry (MM/YY)",
    cvv: "Security code (CVV)",
    cvvHint: "3 digits on the back of the card. On American Express, 4 on the front.",
    check: "Please check what you entered",
    nothingKept: "For your security nothing you typed was kept. Please enter all of it again.",
    faults: {
      cardNo: {
        missing: "Enter the card number.",
        form: "The card number has 12 to 19 digits.",
        mistake: "There is a mistake in the card number. Please check it.",
      },
      expiry: {
        missing: "Enter the expiry date.",
        form: "Enter month and year in two digits each, for example 08/30.",
      },
      cvv: { missing: "Enter the security code.", form: "The security code has 3 or 4 digits." },
    },
  },
  ends: {
    saved: { title: "Your card is saved", text: "You can use it in the shop from now on." },
    cancelled: {
      title: "You cancelled the check",
      text: "The card was not saved. You can start again from the shop whenever you like.",
    },
    expired: {
      title: "Time is up",
      text: "For your security this page closed by itself, and the card was not saved. Please start again from the shop.",
    },
    tooManyCodes: {
      title: "Too many wrong codes",
      text: "After three wrong codes your bank ended the check. The card was not saved. Please start again from the shop.",
    },
    notVerified: {
      title: "Your bank could not confirm it’s you",
      text: "The card was not saved. Start again from the shop, with this card or another one. If it keeps failing, contact your bank.",
    },
    declined: {
      title: "Your card was declined",
      text: "Your bank did not approve it, so it was not saved. Try another card in the shop, or contact your bank.",
    },
  },
  backToShop: "Back to the shop",
  closePage: "You can close this page.",
  deadLink: {
    title: "This link does not work",
    text: "It was used already, has expired, or never existed. Go back to the shop and start again.",
  },
  notGenuine: {
    title: "Please open the page again",
    text: "What was sent did not come from this page, so nothing has changed. If you keep seeing this, allow cookies for this site.",
    again: "Open again",
  },
};

const zh: Texts = {
  lang: "zh-CN",
  sandbox: {
    name: "沙箱环境",
    mark: "不使用真实银行卡",
    testCards: "测试卡",
    testCode: "测试验证码",
    anyRest: "有效期和安全码可任意填写。",
    allCards: "查看全部测试卡：",
    uses: {
      saved: "添加成功。",
      asked: "需输入验证码，随后添加成功。",
      exempt: "添加成功，始终无需验证码。",
      askedThenDeclined: "需输入验证码，随后被发卡银行拒绝。",
      notVerified: "无论输入什么，身份验证均不通过。",
      declined: "被发卡银行拒绝。",
      cardExpired: "银行卡已过期。",
      lowBalance: "余额不足。",
      wrongCvv: "安全码错误。",
    },
    codeIs: "此环境不会发送短信，验证码固定为：",
    otherCodes: "输入其他验证码均视为错误。",
    anyCode: "此测试卡的结果是固定的，与输入的验证码无关。",
    copy: "复制",
    copied: "已复制",
  },
  errorTitle: "错误：",
  busy: "正在处理，请稍候…",
  timeLeft: (time) => `剩余时间：${time}`,
  lessThanAMinute: "不足 1 分钟",
  challenge: {
    kind: "银行卡验证",
    title: "请验证您的身份",
    why: "为保障您的账户安全，发卡银行需要确认是您本人在添加此银行卡。本次操作不会扣款。",
    ask: "请输入发卡银行发送给您的验证码。",
    card: "银行卡",
    endingIn: (card, lastFour) => `${card}（尾号 ${lastFour}）`,
    code: "验证码",
    wrongCode: (triesLeft) => `验证码有误，请核对后重新输入。还可尝试 ${triesLeft} 次。`,
    noCode: "请输入验证码。本次未计入尝试次数。",
    confirm: "确认",
    cancel: "取消",
    ifCancelled: "如果取消，将不会添加此银行卡。",
  },
  cardPage: {
    kind: "银行卡信息",
    title: "添加银行卡",
    why: "添加后，您可以在商户使用此卡付款。本次操作不会扣款。",
    save: "确认添加",
    cardNo: "卡号",
    expiry: "有效期（月/年）",
    cvv: "安全码（CVV）",
    cvvHint: "卡片背面的 3 位数字；美国运通卡为正面的 4 位数字。",
    check: "请检查您填写的信息",
    nothingKept: "为保障信息安全，页面未保留您填写的内容，请重新填写全部信息。",
    faults: {
      cardNo: {
        missing: "请输入卡号。",
        form: "卡号应为 12 至 19 位数字。",
        mistake: "卡号有误，请核对后重新输入。",
      },
      expiry: { missing: "请输入有效期。", form: "请按“月/年”各两位数字填写，例如 08/30。" },
      cvv: { missing: "请输入安全码。", form: "安全码应为 3 或 4 位数字。" },
    },
  },
  ends: {
    saved: { title: "银行卡已添加", text: "您现在可以在商户使用此卡付款。" },
    cancelled: { title: "您已取消验证", text: "银行卡未添加。您可以随时返回商户页面重新操作。" },
    expired: {
      title: "操作已超时",
      text: "为保障您的账户安全，此页面已自动失效，银行卡未添加。请返回商户页面重新操作。",
    },
    tooManyCodes: {
      title: "验证码错误次数过多",
      text: "您已三次输入错误的验证码，发卡银行已终止本次验证，银行卡未添加。请返回商户页面重新操作。",
    },
    notVerified: {
      title: "身份验证未通过",
      text: "银行卡未添加。请返回商户页面重试或更换银行卡。如仍无法通过，请联系发卡银行。",
    },
    declined: {
      title: "银行卡未通过审核",
      text: "发卡银行未批准此次请求，银行卡未添加。请返回商户页面更换银行卡，或联系发卡银行。",
    },
  },
  backToShop: "返回商户页面",
  closePage: "您可以关闭此页面。",
  deadLink: { title: "链接无效", text: "该链接已被使用、已过期或不存在。请返回商户页面重新操作。" },
  notGenuine: {
    title: "请重新打开页面",
    text: "提交的内容并非来自此页面，因此未做任何更改。如果反复出现此提示，请允许本网站使用 Cookie。",
    again: "重新打开",
  },
};

const ko: Texts = {
  lang: "ko",
  sandbox: {
    name: "샌드박스",
    mark: "실제 카드가 아닙니다",
    testCards: "테스트 카드",
    testCode: "테스트 인증번호",
    anyRest: "유효기간과 보안 코드는 아무 값이나 입력하셔도 됩니다.",
    allCards: "전체 테스트 카드:",
    uses: {
      saved: "카드가 등록됩니다.",
      asked: "인증번호를 확인한 뒤 카드가 등록됩니다.",
      exempt: "인증번호 확인 없이 항상 등록됩니다.",
      askedThenDeclined: "인증번호를 확인한 뒤 카드사에서 거절합니다.",
      notVerified: "무엇을 입력해도 본인 확인에 실패합니다.",
      declined: "카드사에서 거절합니다.",
      cardExpired: "유효기간이 지난 카드입니다.",
      lowBalance: "잔액이 부족합니다.",
      wrongCvv: "보안 코드가 일치하지 않습니다.",
    },
    codeIs: "이 환경에서는 문자 메시지가 발송되지 않습니다. 인증번호는 항상 다음과 같습니다.",
    otherCodes: "다른 번호를 입력하면 오류로 처리됩니다.",
    anyCode: "이 테스트 카드는 어떤 번호를 입력해도 결과가 정해져 있습니다.",
    copy: "복사",
    copied: "복사했습니다",
  },
  errorTitle: "오류: ",
  busy: "처리 중입니다. 잠시만 기다려 주세요…",
  timeLeft: (time) => `남은 시간: ${time}`,
  lessThanAMinute: "1분 미만",
  challenge: {
    kind: "카드 본인 확인",
    title: "본인 확인이 필요합니다",
    why: "안전한 카드 등록을 위해 카드사에서 본인 여부를 확인합니다. 결제되는 금액은 없습니다.",
    ask: "카드사에서 보내 드린 인증번호를 입력해 주세요.",
    card: "카드",
    endingIn: (card, lastFour) => `${card} (끝자리 ${lastFour})`,
    code: "인증번호",
    wrongCode: (triesLeft) =>
      `인증번호가 일치하지 않습니다. 확인 후 다시 입력해 주세요. 남은 시도 횟수: ${triesLeft}회`,
    noCode: "인증번호를 입력해 주세요. 시도 횟수에는 포함되지 않았습니다.",
    confirm: "확인",
    cancel: "취소",
    ifCancelled: "취소하시면 카드가 등록되지 않습니다.",
  },
  cardPage: {
    kind: "카드 정보",
    title: "카드 등록",
    why: "등록한 카드는 이용하시던 상점에서 결제할 때 사용됩니다. 지금 결제되는 금액은 없습니다.",
    save: "카드 등록하기",
    cardNo: "카드 번호",
    expiry: "유효기간 (월/년)",
    cvv: "보안 코드 (CVV)",
    cvvHint: "카드 뒷면의 숫자 3자리입니다. 아메리칸 익스프레스는 앞면의 4자리입니다.",
    check: "입력하신 내용을 확인해 주세요",
    nothingKept: "고객님의 정보 보호를 위해 입력하신 내용은 저장되지 않았습니다. 모두 다시 입력해 주세요.",
    faults: {
      cardNo: {
        missing: "카드 번호를 입력해 주세요.",
        form: "카드 번호는 12~19자리 숫자입니다.",
        mistake: "카드 번호가 올바르지 않습니다. 다시 확인해 주세요.",
      },
      expiry: {
        missing: "유효기간을 입력해 주세요.",
        form: "월과 연도를 각각 두 자리로 입력해 주세요. 예: 08/30",
      },
      cvv: { missing: "보안 코드를 입력해 주세요.", form: "보안 코드는 3자리 또는 4자리 숫자입니다." },
    },
  },
  ends: {
    saved: { title: "카드가 등록되었습니다", text: "이제 상점에서 이 카드로 결제하실 수 있습니다." },
    cancelled: {
      title: "본인 확인을 취소하셨습니다",
      text: "카드가 등록되지 않았습니다. 언제든지 상점에서 다시 시도하실 수 있습니다.",
    },
    expired: {
      title: "이용 시간이 초과되었습니다",
      text: "고객님의 안전을 위해 페이지가 자동으로 종료되어 카드가 등록되지 않았습니다. 상점에서 다시 시도해 주세요.",
    },
    tooManyCodes: {
      title: "인증번호 입력 횟수를 초과했습니다",
      text: "인증번호가 3회 일치하지 않아 본인 확인이 중단되었습니다. 카드가 등록되지 않았으니 상점에서 다시 시도해 주세요.",
    },
    notVerified: {
      title: "본인 확인에 실패했습니다",
      text: "카드가 등록되지 않았습니다. 상점에서 다시 시도하시거나 다른 카드를 이용해 주세요. 문제가 계속되면 카드사에 문의해 주세요.",
    },
    declined: {
      title: "카드를 등록할 수 없습니다",
      text: "카드사에서 승인하지 않아 카드가 등록되지 않았습니다. 상점에서 다른 카드로 시도하시거나 카드사에 문의해 주세요.",
    },
  },
  backToShop: "상점으로 돌아가기",
  closePage: "이 페이지를 닫으셔도 됩니다.",
  deadLink: {
    title: "유효하지 않은 링크입니다",
    text: "이미 사용되었거나 만료되었거나 존재하지 않는 링크입니다. 상점으로 돌아가 다시 시도해 주세요.",
  },
  notGenuine: {
    title: "페이지를 다시 열어 주세요",
    text: "이 페이지에서 보낸 요청이 아니어서 처리되지 않았습니다. 이 안내가 계속 표시되면 이 사이트의 쿠키를 허용해 주세요.",
    again: "다시 열기",
  },
};

const pt: Texts = {
  lang: "pt-BR",
  sandbox: {
    name: "Ambiente de testes",
    mark: "Sem cartão real",
    testCards: "Cartões de teste",
    testCode: "Código de teste",
    anyRest: "Qualquer validade e qualquer código de segurança são aceitos.",
    allCards: "Todos os cartões de teste:",
    uses: {
      saved: "É salvo.",
      asked: "Pede o código de verificação e depois é salvo.",
      exempt: "É salvo e nunca pede código.",
      askedThenDeclined: "Pede o código de verificação e depois é recusado pelo banco.",
      notVerified: "A verificação falha, seja qual for o código.",
      declined: "É recusado pelo banco.",
      cardExpired: "O cartão está vencido.",
      lowBalance: "O saldo é insuficiente.",
      wrongCvv: "O código de segurança está incorreto.",
    },
    codeIs: "Aqui nenhuma mensagem é enviada. O código é sempre:",
    otherCodes: "Qualquer outro código é considerado incorreto.",
    anyCode: "Com este cartão de teste o resultado é fixo, seja qual for o código.",
    copy: "Copiar",
    copied: "Copiado",
  },
  errorTitle: "Erro: ",
  busy: "Aguarde um momento…",
  timeLeft: (time) => `Tempo restante: ${time}`,
  lessThanAMinute: "menos de 1 minuto",
  challenge: {
    kind: "Verificação do cartão",
    title: "Confirme que é você",
    why: "Para sua segurança, seu banco precisa confirmar que é você quem está salvando este cartão. Nenhum valor será cobrado.",
    ask: "Digite o código de verificação enviado pelo seu banco.",
    card: "Cartão",
    endingIn: (card, lastFour) => `${card} com final ${lastFour}`,
    code: "Código de verificação",
    wrongCode: (triesLeft) => `Código incorreto. Confira e tente novamente. Tentativas restantes: ${triesLeft}.`,
    noCode: "Digite o código. Esta tentativa não foi contada.",
    confirm: "Confirmar",
    cancel: "Cancelar",
    ifCancelled: "Se você cancelar, o cartão não será salvo.",
  },
  cardPage: {
    kind: "Dados do cartão",
    title: "Salve seu cartão",
    why: "A loja de onde você veio poderá usá-lo nos seus pagamentos. Nenhum valor será cobrado agora.",
    save: "Salvar cartão",
    cardNo: "Número do cartão",
    expiry: "Validade (MM/AA)",
    cvv: "Código de segurança (CVV)",
    cvvHint: "3 dígitos no verso do cartão. No American Express, 4 na frente.",
    check: "Confira os dados informados",
    nothingKept: "Para sua segurança, os dados digitados não foram mantidos. Preencha todos os campos novamente.",
    faults: {
      cardNo: {
        missing: "Informe o número do cartão.",
        form: "O número do cartão tem de 12 a 19 dígitos.",
        mistake: "Há um erro no número do cartão. Confira e tente novamente.",
      },
      expiry: {
        missing: "Informe a validade.",
        form: "Informe mês e ano com dois dígitos cada, por exemplo 08/30.",
      },
      cvv: { missing: "Informe o código de segurança.", form: "O código de segurança tem 3 ou 4 dígitos." },
    },
  },
  ends: {
    saved: { title: "Cartão salvo", text: "Agora você já pode usá-lo na loja." },
    cancelled: {
      title: "Verificação cancelada",
      text: "O cartão não foi salvo. Você pode recomeçar pela loja quando quiser.",
    },
    expired: {
      title: "Tempo esgotado",
      text: "Para sua segurança, esta página foi encerrada e o cartão não foi salvo. Recomece pela loja.",
    },
    tooManyCodes: {
      title: "Muitos códigos incorretos",
      text: "Após três códigos incorretos, seu banco encerrou a verificação. O cartão não foi salvo. Recomece pela loja.",
    },
    notVerified: {
      title: "Não foi possível confirmar sua identidade",
      text: "O cartão não foi salvo. Recomece pela loja com este ou outro cartão. Se o problema continuar, fale com seu banco.",
    },
    declined: {
      title: "Cartão não autorizado",
      text: "Seu banco não autorizou o cartão, por isso ele não foi salvo. Use outro cartão na loja ou fale com seu banco.",
    },
  },
  backToShop: "Voltar à loja",
  closePage: "Você já pode fechar esta página.",
  deadLink: {
    title: "Este link não é válido",
    text: "Ele já foi usado, expirou ou nunca existiu. Volte à loja e recomece.",
  },
  notGenuine: {
    title: "Abra a página novamente",
    text: "O envio não partiu desta página, por isso nada foi alterado. Se esta mensagem continuar aparecendo, permita cookies neste site.",
    again: "Abrir novamente",
  },
};

const es: Texts = {
  lang: "es",
  sandbox: {
    name: "Entorno de pruebas",
    mark: "Sin tarjeta real",
    testCards: "Tarjetas de prueba",
    testCode: "Código de prueba",
    anyRest: "Sirve cualquier fecha de vencimiento y cualquier código de seguridad.",
    allCards: "Todas las tarjetas de prueba:",
    uses: {
      saved: "Se guarda.",
      asked: "Pide el código de verificación y luego se guarda.",
      exempt: "Se guarda y nunca pide un código.",
      askedThenDeclined: "Pide el código de verificación y luego el banco la rechaza.",
      notVerified: "La verificación falla, sea cual sea el código.",
      declined: "El banco la rechaza.",
      cardExpired: "La tarjeta está vencida.",
      lowBalance: "No hay saldo suficiente.",
      wrongCvv: "El código de seguridad no es correcto.",
    },
    codeIs: "Aquí no se envía ningún mensaje. El código siempre es:",
    otherCodes: "Cualquier otro código se considera incorrecto.",
    anyCode: "Con esta tarjeta de prueba el resultado es fijo, sea cual sea el código.",
    copy: "Copiar",
    copied: "Copiado",
  },
  errorTitle: "Revise los datos: ",
  busy: "Espere un momento, por favor…",
  timeLeft: (time) => `Tiempo restante: ${time}`,
  lessThanAMinute: "menos de 1 minuto",
  challenge: {
    kind: "Verificación de la tarjeta",
    title: "Confirme que es usted",
    why: "Por su seguridad, su banco necesita confirmar que es usted quien guarda esta tarjeta. No se realizará ningún cargo.",
    ask: "Ingrese el código de verificación que le envió su banco.",
    card: "Tarjeta",
    endingIn: (card, lastFour) => `${card} terminada en ${lastFour}`,
    code: "Código de verificación",
    wrongCode: (triesLeft) =>
      `El código no es correcto. Revíselo e intente de nuevo. Intentos restantes: ${triesLeft}.`,
    noCode: "Ingrese el código. Este intento no se contó.",
    confirm: "Confirmar",
    cancel: "Cancelar",
    ifCancelled: "Si cancela, la tarjeta no se guardará.",
  },
  cardPage: {
    kind: "Datos de la tarjeta",
    title: "Guarde su tarjeta",
    why: "La tienda de la que viene podrá usarla para sus pagos. Ahora no se realizará ningún cargo.",
    save: "Guardar tarjeta",
    cardNo: "Número de tarjeta",
    expiry: "Vencimiento (MM/AA)",
    cvv: "Código de seguridad (CVV)",
    cvvHint: "3 dígitos al reverso de la tarjeta. En American Express, 4 al frente.",
    check: "Revise los datos ingresados",
    nothingKept: "Por su seguridad, los datos ingresados no se conservaron. Complete todos los campos de nuevo.",
    faults: {
      cardNo: {
        missing: "Ingrese el número de tarjeta.",
        form: "El número de tarjeta tiene de 12 a 19 dígitos.",
        mistake: "Hay un error en el número de tarjeta. Revíselo, por favor.",
      },
      expiry: {
        missing: "Ingrese la fecha de vencimiento.",
        form: "Ingrese mes y año con dos dígitos cada uno; por ejemplo, 08/30.",
      },
      cvv: { missing: "Ingrese el código de seguridad.", form: "El código de seguridad tiene 3 o 4 dígitos." },
    },
  },
  ends: {
    saved: { title: "Tarjeta guardada", text: "Ya puede usarla en la tienda." },
    cancelled: {
      title: "Verificación cancelada",
      text: "La tarjeta no se guardó. Puede volver a empezar desde la tienda cuando quiera.",
    },
    expired: {
      title: "Se agotó el tiempo",
      text: "Por su seguridad, esta página se cerró y la tarjeta no se guardó. Vuelva a empezar desde la tienda.",
    },
    tooManyCodes: {
      title: "Demasiados códigos incorrectos",
      text: "Tras tres códigos incorrectos, su banco terminó la verificación. La tarjeta no se guardó. Vuelva a empezar desde la tienda.",
    },
    notVerified: {
      title: "No se pudo confirmar su identidad",
      text: "La tarjeta no se guardó. Vuelva a empezar desde la tienda con esta u otra tarjeta. Si el problema continúa, comuníquese con su banco.",
    },
    declined: {
      title: "Tarjeta no autorizada",
      text: "Su banco no autorizó la tarjeta, por lo que no se guardó. Use otra tarjeta en la tienda o comuníquese con su banco.",
    },
  },
  backToShop: "Volver a la tienda",
  closePage: "Ya puede cerrar esta página.",
  deadLink: {
    title: "Este enlace no es válido",
    text: "Ya se utilizó, venció o nunca existió. Vuelva a la tienda y empiece de nuevo.",
  },
  notGenuine: {
    title: "Abra la página de nuevo",
    text: "El envío no provino de esta página, por lo que nada cambió. Si sigue viendo este mensaje, permita las cookies de este sitio.",
    again: "Abrir de nuevo",
  },
};

const ja: Texts = {
  lang: "ja",
  sandbox: {
    name: "テスト環境",
    mark: "実際のカードは使いません",
    testCards: "テストカード",
    testCode: "テスト用コード",
    anyRest: "有効期限とセキュリティコードは任意の値でかまいません。",
    allCards: "すべてのテストカード：",
    uses: {
      saved: "カードが登録されます。",
      asked: "ワンタイムパスワードの入力後、登録されます。",
      exempt: "ワンタイムパスワードなしで常に登録されます。",
      askedThenDeclined: "ワンタイムパスワードの入力後、カード会社に拒否されます。",
      notVerified: "何を入力しても本人認証に失敗します。",
      declined: "カード会社に拒否されます。",
      cardExpired: "有効期限切れのカードです。",
      lowBalance: "残高不足になります。",
      wrongCvv: "セキュリティコードの誤りになります。",
    },
    codeIs: "この環境ではメッセージは送信されません。ワンタイムパスワードは常に次のとおりです。",
    otherCodes: "これ以外の値はすべて誤りとして扱われます。",
    anyCode: "このテストカードでは、何を入力しても結果は決まっています。",
    copy: "コピー",
    copied: "コピーしました",
  },
  errorTitle: "エラー：",
  busy: "処理中です。しばらくお待ちください…",
  timeLeft: (time) => `残り時間：${time}`,
  lessThanAMinute: "1 分未満",
  challenge: {
    kind: "カードの本人認証",
    title: "ご本人確認をお願いします",
    why: "安全にカードを登録していただくため、カード会社がご本人様であることを確認します。代金が請求されることはありません。",
    ask: "カード会社から届いたワンタイムパスワードを入力してください。",
    card: "カード",
    endingIn: (card, lastFour) => `${card}（末尾 ${lastFour}）`,
    code: "ワンタイムパスワード",
    wrongCode: (triesLeft) =>
      `ワンタイムパスワードが正しくありません。ご確認のうえ、もう一度入力してください。入力できる回数：残り ${triesLeft} 回`,
    noCode: "ワンタイムパスワードを入力してください。今回は入力回数に含まれていません。",
    confirm: "確認する",
    cancel: "キャンセル",
    ifCancelled: "キャンセルすると、カードは登録されません。",
  },
  cardPage: {
    kind: "カード情報",
    title: "カードの登録",
    why: "登録したカードは、ご利用中のショップでのお支払いに使用されます。今回、代金が請求されることはありません。",
    save: "カードを登録する",
    cardNo: "カード番号",
    expiry: "有効期限（月/年）",
    cvv: "セキュリティコード",
    cvvHint: "カード裏面の3桁の数字です。アメリカン・エキスプレスは表面の4桁の数字です。",
    check: "入力内容をご確認ください",
    nothingKept:
      "お客様の情報保護のため、入力された内容は保存されていません。お手数ですが、すべての項目をもう一度入力してください。",
    faults: {
      cardNo: {
        missing: "カード番号を入力してください。",
        form: "カード番号は12～19桁の数字で入力してください。",
        mistake: "カード番号に誤りがあります。もう一度ご確認ください。",
      },
      expiry: {
        missing: "有効期限を入力してください。",
        form: "月、年の順に2桁ずつ入力してください（例：08/30）。",
      },
      cvv: {
        missing: "セキュリティコードを入力してください。",
        form: "セキュリティコードは3桁または4桁の数字で入力してください。",
      },
    },
  },
  ends: {
    saved: { title: "カードの登録が完了しました", text: "ショップでのお支払いにご利用いただけます。" },
    cancelled: {
      title: "本人認証をキャンセルしました",
      text: "カードは登録されていません。ショップからいつでもやり直していただけます。",
    },
    expired: {
      title: "有効時間を過ぎました",
      text: "安全のため、このページは自動的に終了し、カードは登録されていません。お手数ですが、ショップからもう一度お手続きください。",
    },
    tooManyCodes: {
      title: "入力回数の上限に達しました",
      text: "ワンタイムパスワードの入力を3回誤ったため、本人認証を終了しました。カードは登録されていません。お手数ですが、ショップからもう一度お手続きください。",
    },
    notVerified: {
      title: "本人認証ができませんでした",
      text: "カードは登録されていません。ショップからもう一度お試しいただくか、別のカードをご利用ください。解決しない場合は、カード会社にお問い合わせください。",
    },
    declined: {
      title: "このカードは登録できません",
      text: "カード会社の承認が得られなかったため、カードは登録されていません。ショップで別のカードをご利用いただくか、カード会社にお問い合わせください。",
    },
  },
  backToShop: "ショップに戻る",
  closePage: "このページは閉じていただいてかまいません。",
  deadLink: {
    title: "このリンクは無効です",
    text: "すでに使用されたか、有効期限が切れているか、存在しないリンクです。ショップに戻って、もう一度お手続きください。",
  },
  notGenuine: {
    title: "ページを開き直してください",
    text: "このページから送信されたものではないため、処理は行われていません。この表示が続く場合は、このサイトのCookieを許可してください。",
    again: "開き直す",
  },
};

/** The texts, by language. */
export const TEXTS: Readonly<Record<Language, Texts>> = { en, "zh-CN": zh, ko, "pt-BR": pt, es, ja };
