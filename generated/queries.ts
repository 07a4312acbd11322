// Made by `npm run generate` from src/sandbox/store/query-definitions.ts and migrations.ts. Do not edit.

/** A value in its place: the same in every run, or a parameter. */
export type Place = { readonly constant: string | number | null } | { readonly parameter: string };

export interface CompiledQuery {
  readonly sql: string;
  readonly places: readonly Place[];
}

/** The queries by name. */
export const compiled: Readonly<Record<"sqlite" | "postgresql", Readonly<Record<string, CompiledQuery>>>> = {
  "sqlite": {
    "vaultingById": {
      "sql": "select * from \"vaulting\" where \"clientId\" = ? and \"vaultingRequestId\" = ?",
      "places": [
        {
          "parameter": "clientId"
        },
        {
          "parameter": "vaultingRequestId"
        }
      ]
    },
    "vaultingByChallenge": {
      "sql": "select * from \"vaulting\" where \"challengeId\" = ?",
      "places": [
        {
          "parameter": "challengeId"
        }
      ]
    },
    "vaultingByCardPage": {
      "sql": "select * from \"vaulting\" where \"cardPageId\" = ?",
      "places": [
        {
          "parameter": "cardPageId"
        }
      ]
    },
    "vaultingExpired": {
      "sql": "select * from \"vaulting\" where \"expiresAt\" <= ? order by \"expiresAt\" limit ?",
      "places": [
        {
          "parameter": "time"
        },
        {
          "constant": 100
        }
      ]
    },
    "vaultingCount": {
      "sql": "select count(*) as \"count\" from \"vaulting\"",
      "places": []
    },
    "vaultingInsert": {
      "sql": "insert into \"vaulting\" (\"version\", \"clientId\", \"vaultingRequestId\", \"origin\", \"status\", \"resultCode\", \"verificationFailed\", \"brand\", \"maskedCardNo\", \"cardToken\", \"notificationUrl\", \"redirectUrl\", \"metadata\", \"fingerprint\", \"cardPageId\", \"sessionId\", \"sessionData\", \"sessionExpiresAt\", \"sessionThreeDS\", \"challengeId\", \"challengeScript\", \"pendingVerdict\", \"endedBy\", \"wrongCodes\", \"expiresAt\", \"createdAt\", \"finishedAt\") values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) on conflict (\"clientId\", \"vaultingRequestId\") do nothing returning \"seq\"",
      "places": [
        {
          "constant": 0
        },
        {
          "parameter": "clientId"
        },
        {
          "parameter": "vaultingRequestId"
        },
        {
          "parameter": "origin"
        },
        {
          "parameter": "status"
        },
        {
          "parameter": "resultCode"
        },
        {
          "parameter": "verificationFailed"
        },
        {
          "parameter": "brand"
        },
        {
          "parameter": "maskedCardNo"
        },
        {
          "parameter": "cardToken"
        },
        {
          "parameter": "notificationUrl"
        },
        {
          "parameter": "redirectUrl"
        },
        {
          "parameter": "metadata"
        },
        {
          "parameter": "fingerprint"
        },
        {
          "parameter": "cardPageId"
        },
        {
          "parameter": "sessionId"
        },
        {
          "parameter": "sessionData"
        },
        {
          "parameter": "sessionExpiresAt"
        },
        {
          "parameter": "sessionThreeDS"
        },
        {
          "parameter": "challengeId"
        },
        {
          "parameter": "challengeScript"
        },
        {
          "parameter": "pendingVerdict"
        },
        {
          "parameter": "endedBy"
        },
        {
          "parameter": "wrongCodes"
        },
        {
          "parameter": "expiresAt"
        },
        {
          "parameter": "createdAt"
        },
        {
          "parameter": "finishedAt"
        }
      ]
    },
    "vaultingUpdate": {
      "sql": "update \"vaulting\" set \"version\" = ?, \"status\" = ?, \"resultCode\" = ?, \"verificationFailed\" = ?, \"brand\" = ?, \"maskedCardNo\" = ?, \"cardToken\" = ?, \"challengeId\" = ?, \"challengeScript\" = ?, \"pendingVerdict\" = ?, \"endedBy\" = ?, \"wrongCodes\" = ?, \"expiresAt\" = ?, \"finishedAt\" = ? where \"seq\" = ? and \"version\" = ? and \"status\" = ? returning \"seq\"",
      "places": [
        {
          "parameter": "next"
        },
        {
          "parameter": "status"
        },
        {
          "parameter": "resultCode"
        },
        {
          "parameter": "verificationFailed"
        },
        {
          "parameter": "brand"
        },
        {
          "parameter": "maskedCardNo"
        },
        {
          "parameter": "cardToken"
        },
        {
          "parameter": "challengeId"
        },
        {
          "parameter": "challengeScript"
        },
        {
          "parameter": "pendingVerdict"
        },
        {
          "parameter": "endedBy"
        },
        {
          "parameter": "wrongCodes"
        },
        {
          "parameter": "expiresAt"
        },
        {
          "parameter": "finishedAt"
        },
        {
          "parameter": "seq"
        },
        {
          "parameter": "version"
        },
        {
          "constant": "PROCESSING"
        }
      ]
    },
    "vaultingList": {
      "sql": "select * from \"vaulting\" where \"clientId\" = coalesce(?, \"clientId\") and \"status\" = coalesce(?, \"status\") and \"seq\" < ? order by \"seq\" desc limit ?",
      "places": [
        {
          "parameter": "clientId"
        },
        {
          "parameter": "status"
        },
        {
          "parameter": "before"
        },
        {
          "parameter": "limit"
        }
      ]
    },
    "vaultingSearch": {
      "sql": "select * from \"vaulting\" where \"clientId\" = coalesce(?, \"clientId\") and \"status\" = coalesce(?, \"status\") and \"seq\" < ? and \"seq\" >= ? and (\"vaultingRequestId\" like ? escape '\\' or \"cardToken\" like ? escape '\\' or \"maskedCardNo\" like ? escape '\\') order by \"seq\" desc limit ?",
      "places": [
        {
          "parameter": "clientId"
        },
        {
          "parameter": "status"
        },
        {
          "parameter": "before"
        },
        {
          "parameter": "from"
        },
        {
          "parameter": "idLike"
        },
        {
          "parameter": "tokenLike"
        },
        {
          "parameter": "cardLike"
        },
        {
          "parameter": "limit"
        }
      ]
    },
    "vaultingNewest": {
      "sql": "select max(\"seq\") as \"seq\" from \"vaulting\"",
      "places": []
    },
    "notificationInsert": {
      "sql": "insert into \"notification\" (\"clientId\", \"vaultingRequestId\", \"url\", \"host\", \"body\", \"state\", \"attempts\", \"roundAt\", \"dueAt\", \"leasedUntil\", \"lease\") values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) on conflict (\"clientId\", \"vaultingRequestId\") do nothing",
      "places": [
        {
          "parameter": "clientId"
        },
        {
          "parameter": "vaultingRequestId"
        },
        {
          "parameter": "url"
        },
        {
          "parameter": "host"
        },
        {
          "parameter": "body"
        },
        {
          "constant": "PENDING"
        },
        {
          "constant": 0
        },
        {
          "parameter": "now"
        },
        {
          "parameter": "now"
        },
        {
          "constant": 0
        },
        {
          "constant": null
        }
      ]
    },
    "notificationDueHosts": {
      "sql": "with recursive \"each\"(\"host\") as (select min(\"host\") as \"host\" from \"notification\" where \"state\" = 'PENDING' union all select (select min(\"notification\".\"host\") as \"host\" from \"notification\" where \"state\" = 'PENDING' and \"notification\".\"host\" > \"each\".\"host\") as \"host\" from \"each\" where \"each\".\"host\" is not null), \"waiting\" as (select \"each\".\"host\", (select \"dueAt\" from \"notification\" where \"state\" = 'PENDING' and \"dueAt\" <= ? and \"leasedUntil\" <= ? and \"notification\".\"host\" = \"each\".\"host\" order by \"dueAt\" limit ?) as \"since\" from \"each\") select \"host\" from \"waiting\" where \"since\" is not null order by \"since\" limit ?",
      "places": [
        {
          "parameter": "now"
        },
        {
          "parameter": "real"
        },
        {
          "constant": 1
        },
        {
          "constant": 64
        }
      ]
    },
    "notificationClaim": {
      "sql": "with \"some\" as (select \"seq\" from \"notification\" where \"state\" = 'PENDING' and \"dueAt\" <= ? and \"leasedUntil\" <= ? and \"host\" = ? order by \"dueAt\" limit ?) update \"notification\" set \"leasedUntil\" = ?, \"lease\" = ? where \"seq\" in (select \"some\".\"seq\" from \"some\") returning *",
      "places": [
        {
          "parameter": "now"
        },
        {
          "parameter": "real"
        },
        {
          "parameter": "host"
        },
        {
          "parameter": "limit"
        },
        {
          "parameter": "until"
        },
        {
          "parameter": "lease"
        }
      ]
    },
    "attemptInsert": {
      "sql": "insert into \"attempt\" (\"notificationSeq\", \"number\", \"at\", \"durationMs\", \"outcome\", \"httpStatus\", \"detail\") values (?, ?, ?, ?, ?, ?, ?)",
      "places": [
        {
          "parameter": "notificationSeq"
        },
        {
          "parameter": "number"
        },
        {
          "parameter": "at"
        },
        {
          "parameter": "durationMs"
        },
        {
          "parameter": "outcome"
        },
        {
          "parameter": "httpStatus"
        },
        {
          "parameter": "detail"
        }
      ]
    },
    "notificationSettle": {
      "sql": "update \"notification\" set \"state\" = ?, \"attempts\" = ?, \"dueAt\" = ?, \"leasedUntil\" = ?, \"lease\" = ? where \"seq\" = ? and \"lease\" = ? returning \"seq\"",
      "places": [
        {
          "parameter": "state"
        },
        {
          "parameter": "attempts"
        },
        {
          "parameter": "dueAt"
        },
        {
          "constant": 0
        },
        {
          "constant": null
        },
        {
          "parameter": "seq"
        },
        {
          "parameter": "lease"
        }
      ]
    },
    "notificationRenew": {
      "sql": "update \"notification\" set \"leasedUntil\" = ? where \"seq\" = ? and \"lease\" = ?",
      "places": [
        {
          "parameter": "until"
        },
        {
          "parameter": "seq"
        },
        {
          "parameter": "lease"
        }
      ]
    },
    "notificationReleaseAll": {
      "sql": "update \"notification\" set \"leasedUntil\" = ?, \"lease\" = ? where \"state\" = ? and \"lease\" is not null",
      "places": [
        {
          "constant": 0
        },
        {
          "constant": null
        },
        {
          "constant": "PENDING"
        }
      ]
    },
    "notificationResend": {
      "sql": "update \"notification\" set \"state\" = ?, \"attempts\" = ?, \"roundAt\" = ?, \"dueAt\" = ?, \"leasedUntil\" = ?, \"lease\" = ? where \"seq\" = ? returning *",
      "places": [
        {
          "constant": "PENDING"
        },
        {
          "constant": 0
        },
        {
          "parameter": "now"
        },
        {
          "parameter": "now"
        },
        {
          "constant": 0
        },
        {
          "constant": null
        },
        {
          "parameter": "seq"
        }
      ]
    },
    "notificationFind": {
      "sql": "select * from \"notification\" where \"seq\" = ?",
      "places": [
        {
          "parameter": "seq"
        }
      ]
    },
    "notificationPending": {
      "sql": "select count(*) as \"count\" from \"notification\" where \"state\" = ?",
      "places": [
        {
          "constant": "PENDING"
        }
      ]
    },
    "notificationList": {
      "sql": "select * from \"notification\" where \"clientId\" = coalesce(?, \"clientId\") and \"vaultingRequestId\" = coalesce(?, \"vaultingRequestId\") and \"state\" = coalesce(?, \"state\") order by \"seq\" desc limit ?",
      "places": [
        {
          "parameter": "clientId"
        },
        {
          "parameter": "vaultingRequestId"
        },
        {
          "parameter": "state"
        },
        {
          "parameter": "limit"
        }
      ]
    },
    "notificationOfVaulting": {
      "sql": "select * from \"notification\" where \"clientId\" = ? and \"vaultingRequestId\" = ?",
      "places": [
        {
          "parameter": "clientId"
        },
        {
          "parameter": "vaultingRequestId"
        }
      ]
    },
    "attemptsOfNotification": {
      "sql": "select * from \"attempt\" where \"notificationSeq\" = ? order by \"seq\"",
      "places": [
        {
          "parameter": "notificationSeq"
        }
      ]
    },
    "clientList": {
      "sql": "select * from \"client\" order by \"createdAt\"",
      "places": []
    },
    "clientInsert": {
      "sql": "insert into \"client\" (\"clientId\", \"publicKey\", \"createdAt\") values (?, ?, ?) on conflict (\"clientId\") do nothing returning \"clientId\"",
      "places": [
        {
          "parameter": "clientId"
        },
        {
          "parameter": "publicKey"
        },
        {
          "parameter": "createdAt"
        }
      ]
    },
    "settingGet": {
      "sql": "select \"value\" from \"setting\" where \"name\" = ?",
      "places": [
        {
          "parameter": "name"
        }
      ]
    },
    "settingSet": {
      "sql": "insert into \"setting\" (\"name\", \"value\") values (?, ?) on conflict (\"name\") do update set \"value\" = ?",
      "places": [
        {
          "parameter": "name"
        },
        {
          "parameter": "value"
        },
        {
          "parameter": "value"
        }
      ]
    },
    "settingTable": {
      "sql": "create table if not exists \"setting\" (\"name\" text primary key, \"value\" text not null)",
      "places": []
    },
    "forgetAttempts": {
      "sql": "delete from \"attempt\"",
      "places": []
    },
    "forgetNotifications": {
      "sql": "delete from \"notification\"",
      "places": []
    },
    "forgetVaultings": {
      "sql": "delete from \"vaulting\"",
      "places": []
    }
  },
  "postgresql": {
    "vaultingById": {
      "sql": "select * from \"vaulting\" where \"clientId\" = $1 and \"vaultingRequestId\" = $2",
      "places": [
        {
          "parameter": "clientId"
        },
        {
          "parameter": "vaultingRequestId"
        }
      ]
    },
    "vaultingByChallenge": {
      "sql": "select * from \"vaulting\" where \"challengeId\" = $1",
      "places": [
        {
          "parameter": "challengeId"
        }
      ]
    },
    "vaultingByCardPage": {
      "sql": "select * from \"vaulting\" where \"cardPageId\" = $1",
      "places": [
        {
          "parameter": "cardPageId"
        }
      ]
    },
    "vaultingExpired": {
      "sql": "select * from \"vaulting\" where \"expiresAt\" <= $1 order by \"expiresAt\" limit $2",
      "places": [
        {
          "parameter": "time"
        },
        {
          "constant": 100
        }
      ]
    },
    "vaultingCount": {
      "sql": "select count(*) as \"count\" from \"vaulting\"",
      "places": []
    },
    "vaultingInsert": {
      "sql": "insert into \"vaulting\" (\"version\", \"clientId\", \"vaultingRequestId\", \"origin\", \"status\", \"resultCode\", \"verificationFailed\", \"brand\", \"maskedCardNo\", \"cardToken\", \"notificationUrl\", \"redirectUrl\", \"metadata\", \"fingerprint\", \"cardPageId\", \"sessionId\", \"sessionData\", \"sessionExpiresAt\", \"sessionThreeDS\", \"challengeId\", \"challengeScript\", \"pendingVerdict\", \"endedBy\", \"wrongCodes\", \"expiresAt\", \"createdAt\", \"finishedAt\") values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24, $25, $26, $27) on conflict (\"clientId\", \"vaultingRequestId\") do nothing returning \"seq\"",
      "places": [
        {
          "constant": 0
        },
        {
          "parameter": "clientId"
        },
        {
          "parameter": "vaultingRequestId"
        },
        {
          "parameter": "origin"
        },
        {
          "parameter": "status"
        },
        {
          "parameter": "resultCode"
        },
        {
          "parameter": "verificationFailed"
        },
        {
          "parameter": "brand"
        },
        {
          "parameter": "maskedCardNo"
        },
        {
          "parameter": "cardToken"
        },
        {
          "parameter": "notificationUrl"
        },
        {
          "parameter": "redirectUrl"
        },
        {
          "parameter": "metadata"
        },
        {
          "parameter": "fingerprint"
        },
        {
          "parameter": "cardPageId"
        },
        {
          "parameter": "sessionId"
        },
        {
          "parameter": "sessionData"
        },
        {
          "parameter": "sessionExpiresAt"
        },
        {
          "parameter": "sessionThreeDS"
        },
        {
          "parameter": "challengeId"
        },
        {
          "parameter": "challengeScript"
        },
        {
          "parameter": "pendingVerdict"
        },
        {
          "parameter": "endedBy"
        },
        {
          "parameter": "wrongCodes"
        },
        {
          "parameter": "expiresAt"
        },
        {
          "parameter": "createdAt"
        },
        {
          "parameter": "finishedAt"
        }
      ]
    },
    "vaultingUpdate": {
      "sql": "update \"vaulting\" set \"version\" = $1, \"status\" = $2, \"resultCode\" = $3, \"verificationFailed\" = $4, \"brand\" = $5, \"maskedCardNo\" = $6, \"cardToken\" = $7, \"challengeId\" = $8, \"challengeScript\" = $9, \"pendingVerdict\" = $10, \"endedBy\" = $11, \"wrongCodes\" = $12, \"expiresAt\" = $13, \"finishedAt\" = $14 where \"seq\" = $15 and \"version\" = $16 and \"status\" = $17 returning \"seq\"",
      "places": [
        {
          "parameter": "next"
        },
        {
          "parameter": "status"
        },
        {
          "parameter": "resultCode"
        },
        {
          "parameter": "verificationFailed"
        },
        {
          "parameter": "brand"
        },
        {
          "parameter": "maskedCardNo"
        },
        {
          "parameter": "cardToken"
        },
        {
          "parameter": "challengeId"
        },
        {
          "parameter": "challengeScript"
        },
        {
          "parameter": "pendingVerdict"
        },
        {
          "parameter": "endedBy"
        },
        {
          "parameter": "wrongCodes"
        },
        {
          "parameter": "expiresAt"
        },
        {
          "parameter": "finishedAt"
        },
        {
          "parameter": "seq"
        },
        {
          "parameter": "version"
        },
        {
          "constant": "PROCESSING"
        }
      ]
    },
    "vaultingList": {
      "sql": "select * from \"vaulting\" where \"clientId\" = coalesce($1, \"clientId\") and \"status\" = coalesce($2, \"status\") and \"seq\" < $3 order by \"seq\" desc limit $4",
      "places": [
        {
          "parameter": "clientId"
        },
        {
          "parameter": "status"
        },
        {
          "parameter": "before"
        },
        {
          "parameter": "limit"
        }
      ]
    },
    "vaultingSearch": {
      "sql": "select * from \"vaulting\" where \"clientId\" = coalesce($1, \"clientId\") and \"status\" = coalesce($2, \"status\") and \"seq\" < $3 and \"seq\" >= $4 and (\"vaultingRequestId\" like $5 escape '\\' or \"cardToken\" like $6 escape '\\' or \"maskedCardNo\" like $7 escape '\\') order by \"seq\" desc limit $8",
      "places": [
        {
          "parameter": "clientId"
        },
        {
          "parameter": "status"
        },
        {
          "parameter": "before"
        },
        {
          "parameter": "from"
        },
        {
          "parameter": "idLike"
        },
        {
          "parameter": "tokenLike"
        },
        {
          "parameter": "cardLike"
        },
        {
          "parameter": "limit"
        }
      ]
    },
    "vaultingNewest": {
      "sql": "select max(\"seq\") as \"seq\" from \"vaulting\"",
      "places": []
    },
    "notificationInsert": {
      "sql": "insert into \"notification\" (\"clientId\", \"vaultingRequestId\", \"url\", \"host\", \"body\", \"state\", \"attempts\", \"roundAt\", \"dueAt\", \"leasedUntil\", \"lease\") values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) on conflict (\"clientId\", \"vaultingRequestId\") do nothing",
      "places": [
        {
          "parameter": "clientId"
        },
        {
          "parameter": "vaultingRequestId"
        },
        {
          "parameter": "url"
        },
        {
          "parameter": "host"
        },
        {
          "parameter": "body"
        },
        {
          "constant": "PENDING"
        },
        {
          "constant": 0
        },
        {
          "parameter": "now"
        },
        {
          "parameter": "now"
        },
        {
          "constant": 0
        },
        {
          "constant": null
        }
      ]
    },
    "notificationDueHosts": {
      "sql": "with recursive \"each\"(\"host\") as (select min(\"host\") as \"host\" from \"notification\" where \"state\" = 'PENDING' union all select (select min(\"notification\".\"host\") as \"host\" from \"notification\" where \"state\" = 'PENDING' and \"notification\".\"host\" > \"each\".\"host\") as \"host\" from \"each\" where \"each\".\"host\" is not null), \"waiting\" as (select \"each\".\"host\", (select \"dueAt\" from \"notification\" where \"state\" = 'PENDING' and \"dueAt\" <= $1 and \"leasedUntil\" <= $2 and \"notification\".\"host\" = \"each\".\"host\" order by \"dueAt\" limit $3) as \"since\" from \"each\") select \"host\" from \"waiting\" where \"since\" is not null order by \"since\" limit $4",
      "places": [
        {
          "parameter": "now"
        },
        {
          "parameter": "real"
        },
        {
          "constant": 1
        },
        {
          "constant": 64
        }
      ]
    },
    "notificationClaim": {
      "sql": "with \"some\" as (select \"seq\" from \"notification\" where \"state\" = 'PENDING' and \"dueAt\" <= $1 and \"leasedUntil\" <= $2 and \"host\" = $3 order by \"dueAt\" limit $4 for update skip locked) update \"notification\" set \"leasedUntil\" = $5, \"lease\" = $6 where \"seq\" in (select \"some\".\"seq\" from \"some\") returning *",
      "places": [
        {
          "parameter": "now"
        },
        {
          "parameter": "real"
        },
        {
          "parameter": "host"
        },
        {
          "parameter": "limit"
        },
        {
          "parameter": "until"
        },
        {
          "parameter": "lease"
        }
      ]
    },
    "attemptInsert": {
      "sql": "insert into \"attempt\" (\"notificationSeq\", \"number\", \"at\", \"durationMs\", \"outcome\", \"httpStatus\", \"detail\") values ($1, $2, $3, $4, $5, $6, $7)",
      "places": [
        {
          "parameter": "notificationSeq"
        },
        {
          "parameter": "number"
        },
        {
          "parameter": "at"
        },
        {
          "parameter": "durationMs"
        },
        {
          "parameter": "outcome"
        },
        {
          "parameter": "httpStatus"
        },
        {
          "parameter": "detail"
        }
      ]
    },
    "notificationSettle": {
      "sql": "update \"notification\" set \"state\" = $1, \"attempts\" = $2, \"dueAt\" = $3, \"leasedUntil\" = $4, \"lease\" = $5 where \"seq\" = $6 and \"lease\" = $7 returning \"seq\"",
      "places": [
        {
          "parameter": "state"
        },
        {
          "parameter": "attempts"
        },
        {
          "parameter": "dueAt"
        },
        {
          "constant": 0
        },
        {
          "constant": null
        },
        {
          "parameter": "seq"
        },
        {
          "parameter": "lease"
        }
      ]
    },
    "notificationRenew": {
      "sql": "update \"notification\" set \"leasedUntil\" = $1 where \"seq\" = $2 and \"lease\" = $3",
      "places": [
        {
          "parameter": "until"
        },
        {
          "parameter": "seq"
        },
        {
          "parameter": "lease"
        }
      ]
    },
    "notificationReleaseAll": {
      "sql": "update \"notification\" set \"leasedUntil\" = $1, \"lease\" = $2 where \"state\" = $3 and \"lease\" is not null",
      "places": [
        {
          "constant": 0
        },
        {
          "constant": null
        },
        {
          "constant": "PENDING"
        }
      ]
    },
    "notificationResend": {
      "sql": "update \"notification\" set \"state\" = $1, \"attempts\" = $2, \"roundAt\" = $3, \"dueAt\" = $4, \"leasedUntil\" = $5, \"lease\" = $6 where \"seq\" = $7 returning *",
      "places": [
        {
          "constant": "PENDING"
        },
        {
          "constant": 0
        },
        {
          "parameter": "now"
        },
        {
          "parameter": "now"
        },
        {
          "constant": 0
        },
        {
          "constant": null
        },
        {
          "parameter": "seq"
        }
      ]
    },
    "notificationFind": {
      "sql": "select * from \"notification\" where \"seq\" = $1",
      "places": [
        {
          "parameter": "seq"
        }
      ]
    },
    "notificationPending": {
      "sql": "select count(*) as \"count\" from \"notification\" where \"state\" = $1",
      "places": [
        {
          "constant": "PENDING"
        }
      ]
    },
    "notificationList": {
      "sql": "select * from \"notification\" where \"clientId\" = coalesce($1, \"clientId\") and \"vaultingRequestId\" = coalesce($2, \"vaultingRequestId\") and \"state\" = coalesce($3, \"state\") order by \"seq\" desc limit $4",
      "places": [
        {
          "parameter": "clientId"
        },
        {
          "parameter": "vaultingRequestId"
        },
        {
          "parameter": "state"
        },
        {
          "parameter": "limit"
        }
      ]
    },
    "notificationOfVaulting": {
      "sql": "select * from \"notification\" where \"clientId\" = $1 and \"vaultingRequestId\" = $2",
      "places": [
        {
          "parameter": "clientId"
        },
        {
          "parameter": "vaultingRequestId"
        }
      ]
    },
    "attemptsOfNotification": {
      "sql": "select * from \"attempt\" where \"notificationSeq\" = $1 order by \"seq\"",
      "places": [
        {
          "parameter": "notificationSeq"
        }
      ]
    },
    "clientList": {
      "sql": "select * from \"client\" order by \"createdAt\"",
      "places": []
    },
    "clientInsert": {
      "sql": "insert into \"client\" (\"clientId\", \"publicKey\", \"createdAt\") values ($1, $2, $3) on conflict (\"clientId\") do nothing returning \"clientId\"",
      "places": [
        {
          "parameter": "clientId"
        },
        {
          "parameter": "publicKey"
        },
        {
          "parameter": "createdAt"
        }
      ]
    },
    "settingGet": {
      "sql": "select \"value\" from \"setting\" where \"name\" = $1",
      "places": [
        {
          "parameter": "name"
        }
      ]
    },
    "settingSet": {
      "sql": "insert into \"setting\" (\"name\", \"value\") values ($1, $2) on conflict (\"name\") do update set \"value\" = $3",
      "places": [
        {
          "parameter": "name"
        },
        {
          "parameter": "value"
        },
        {
          "parameter": "value"
        }
      ]
    },
    "settingTable": {
      "sql": "create table if not exists \"setting\" (\"name\" text primary key, \"value\" text not null)",
      "places": []
    },
    "forgetAttempts": {
      "sql": "delete from \"attempt\"",
      "places": []
    },
    "forgetNotifications": {
      "sql": "delete from \"notification\"",
      "places": []
    },
    "forgetVaultings": {
      "sql": "delete from \"vaulting\"",
      "places": []
    }
  }
};

/** The statements that bring a database from one version of the schema to the next. */
export const migrations: Readonly<Record<"sqlite" | "postgresql", readonly (readonly string[])[]>> = {
  "sqlite": [
    [
      "create table \"vaulting\" (\"seq\" integer primary key, \"version\" integer not null, \"clientId\" text not null, \"vaultingRequestId\" text not null, \"origin\" text not null, \"status\" text not null, \"resultCode\" text, \"verificationFailed\" integer not null, \"brand\" text, \"maskedCardNo\" text, \"cardToken\" text, \"notificationUrl\" text not null, \"redirectUrl\" text, \"metadata\" text, \"fingerprint\" text not null, \"cardPageId\" text, \"sessionId\" text, \"sessionData\" text, \"sessionExpiresAt\" bigint, \"sessionThreeDS\" integer not null, \"challengeId\" text, \"challengeScript\" text, \"pendingVerdict\" text, \"endedBy\" text, \"wrongCodes\" integer not null, \"expiresAt\" bigint, \"createdAt\" bigint not null, \"finishedAt\" bigint)",
      "create unique index \"vaultingById\" on \"vaulting\" (\"clientId\", \"vaultingRequestId\")",
      "create unique index \"vaultingByChallenge\" on \"vaulting\" (\"challengeId\") where \"challengeId\" is not null",
      "create unique index \"vaultingByCardPage\" on \"vaulting\" (\"cardPageId\") where \"cardPageId\" is not null",
      "create index \"vaultingExpiring\" on \"vaulting\" (\"expiresAt\") where \"expiresAt\" is not null",
      "create table \"notification\" (\"seq\" integer primary key, \"clientId\" text not null, \"vaultingRequestId\" text not null, \"url\" text not null, \"host\" text not null, \"body\" text not null, \"state\" text not null, \"attempts\" integer not null, \"roundAt\" bigint not null, \"dueAt\" bigint not null, \"leasedUntil\" bigint not null, \"lease\" text)",
      "create unique index \"notificationById\" on \"notification\" (\"clientId\", \"vaultingRequestId\")",
      "create index \"notificationDue\" on \"notification\" (\"host\", \"dueAt\") where \"state\" = 'PENDING'",
      "create table \"attempt\" (\"seq\" integer primary key, \"notificationSeq\" bigint not null, \"number\" integer not null, \"at\" bigint not null, \"durationMs\" integer not null, \"outcome\" text not null, \"httpStatus\" integer, \"detail\" text)",
      "create index \"attemptOfNotification\" on \"attempt\" (\"notificationSeq\")",
      "create table \"client\" (\"clientId\" text primary key, \"publicKey\" text not null, \"createdAt\" bigint not null)"
    ]
  ],
  "postgresql": [
    [
      "create table \"vaulting\" (\"seq\" bigserial primary key, \"version\" integer not null, \"clientId\" text not null, \"vaultingRequestId\" text not null, \"origin\" text not null, \"status\" text not null, \"resultCode\" text, \"verificationFailed\" integer not null, \"brand\" text, \"maskedCardNo\" text, \"cardToken\" text, \"notificationUrl\" text not null, \"redirectUrl\" text, \"metadata\" text, \"fingerprint\" text not null, \"cardPageId\" text, \"sessionId\" text, \"sessionData\" text, \"sessionExpiresAt\" bigint, \"sessionThreeDS\" integer not null, \"challengeId\" text, \"challengeScript\" text, \"pendingVerdict\" text, \"endedBy\" text, \"wrongCodes\" integer not null, \"expiresAt\" bigint, \"createdAt\" bigint not null, \"finishedAt\" bigint)",
      "create unique index \"vaultingById\" on \"vaulting\" (\"clientId\", \"vaultingRequestId\")",
      "create unique index \"vaultingByChallenge\" on \"vaulting\" (\"challengeId\") where \"challengeId\" is not null",
      "create unique index \"vaultingByCardPage\" on \"vaulting\" (\"cardPageId\") where \"cardPageId\" is not null",
      "create index \"vaultingExpiring\" on \"vaulting\" (\"expiresAt\") where \"expiresAt\" is not null",
      "create table \"notification\" (\"seq\" bigserial primary key, \"clientId\" text not null, \"vaultingRequestId\" text not null, \"url\" text not null, \"host\" text not null, \"body\" text not null, \"state\" text not null, \"attempts\" integer not null, \"roundAt\" bigint not null, \"dueAt\" bigint not null, \"leasedUntil\" bigint not null, \"lease\" text)",
      "create unique index \"notificationById\" on \"notification\" (\"clientId\", \"vaultingRequestId\")",
      "create index \"notificationDue\" on \"notification\" (\"host\", \"dueAt\") where \"state\" = 'PENDING'",
      "create table \"attempt\" (\"seq\" bigserial primary key, \"notificationSeq\" bigint not null, \"number\" integer not null, \"at\" bigint not null, \"durationMs\" integer not null, \"outcome\" text not null, \"httpStatus\" integer, \"detail\" text)",
      "create index \"attemptOfNotification\" on \"attempt\" (\"notificationSeq\")",
      "create table \"client\" (\"clientId\" text primary key, \"publicKey\" text not null, \"createdAt\" bigint not null)"
    ]
  ]
};
